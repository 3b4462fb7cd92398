// @ts-self-types="./binary.d.ts"
// JavaScript, as TypeScript does not know import.source yet.

const FOLDER = "npm:@tensorflow/tfjs-backend-wasm@4.22.0/dist/";

export const binary = (name) => import.source(FOLDER + name);
