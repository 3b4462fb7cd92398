/**
 * The mutants of a source file: small changes, each of which some test should
 * notice. They are made from the syntax tree, so that types, imports and
 * comments stay as they are.
 *
 * @module
 */
import ts from "typescript";
import { type Change, RULES } from "./rules.ts";

/** One change of a file. */
export interface Mutant {
  /** The file. */
  readonly file: string;
  /** Line it begins in, from 1. */
  readonly line: number;
  /** What is replaced: from this offset ... */
  readonly start: number;
  /** ... to before this one. */
  readonly end: number;
  /** What stands there instead. */
  readonly text: string;
}

/** All mutants of a file, in the order of their places. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const mutants = new Map<string, Mutant>();
  const add = ({ start, end, text }: Change) => {
    const line = tree.getLineAndCharacterOfPosition(start).line + 1;
    mutants.set(`${start} ${end} ${text}`, { file, line, start, end, text });
  };
  function visit(node: ts.Node): void {
    if (isType(node)) return;
    for (const rule of RULES) rule(node).forEach(add);
    if (!isMessage(node)) ts.forEachChild(node, visit);
  }
  visit(tree);
  return [...mutants.values()].sort((a, b) => a.start - b.start);
}

/** The source with a mutant in it. */
export function mutated(source: string, { start, end, text }: Mutant): string {
  return source.slice(0, start) + text + source.slice(end);
}

/** What is gone when the program runs. */
function isType(node: ts.Node): boolean {
  return ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) || ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node);
}

/** What makes an error: its words are no behaviour. */
function isMessage(node: ts.Node): boolean {
  return ts.isThrowStatement(node) ||
    (ts.isNewExpression(node) && node.expression.getText().endsWith("Error"));
}
