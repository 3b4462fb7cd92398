import { assertEquals, assertThrows } from "@std/assert";
import {
  permissionsProblem,
  permissionsText,
  readTerms,
} from "../../../core/contract/permissions.ts";
import { InputError } from "../../../core/errors.ts";

Deno.test("readTerms() reads what a file says of itself, without running it", () => {
  const { permissions, isolate } = readTerms(`
import type { Permissions } from "@hookloop/hookloop/plugin";
export const permissions: Permissions = {
  net: ["localhost:9000"], // one host
  write: ["out", "more"],
};
export const isolate = true;
throw new Error("not run");
`.replace(" // one host", ""));
  assertEquals(permissions, {
    net: ["localhost:9000"],
    write: ["out", "more"],
  });
  assertEquals(isolate, true);
});

Deno.test("readTerms() finds nothing in a file that says nothing", () => {
  const none = { permissions: {}, isolate: false };
  assertEquals(readTerms(""), none);
  assertEquals(readTerms("const permissions = { net: [] };"), none);
  assertEquals(readTerms("// export const isolate = true;"), none);
  assertEquals(readTerms(" * export const permissions = { net: [] };"), none);
  assertEquals(readTerms("export const isolate = false\n"), none);
});

Deno.test("what a file grants to a package counts before what it needs itself", () => {
  const { permissions } = readTerms(`
export const permissions = { net: ["a.example"] };
export const granted = { net: ["b.example"] };
`);
  assertEquals(permissions, { net: ["b.example"] });
});

Deno.test("permissions that have to be computed are refused", () => {
  for (
    const value of [
      '{ net: [host + ":80"] }',
      "{ net: hosts }",
      "hosts",
      "{ run: [] }",
      '{ net: "localhost" }',
    ]
  ) {
    assertThrows(
      () => readTerms(`export const permissions = ${value};`),
      InputError,
      "its permissions are not plain data",
    );
  }
});

Deno.test("permissionsProblem() says what they are to look like", () => {
  assertEquals(permissionsProblem(undefined), undefined);
  assertEquals(permissionsProblem({ net: ["localhost:9000"] }), undefined);
  assertEquals(
    permissionsProblem({ ran: [] }),
    'permissions that are not lists of names by kind: expected such as { net: ["localhost:9000"] }; kinds are net, read, write, env',
  );
});

Deno.test("permissionsProblem() finds what is wrong anywhere in them", () => {
  assertEquals(permissionsProblem({}), undefined);
  for (
    const wrong of [
      null,
      [],
      "localhost",
      new Map(),
      { net: ["a"], ran: ["b"] },
      { net: "localhost" },
      { net: { 0: "localhost" } },
      { net: ["a", 3] },
      { net: ["a", ""] },
    ]
  ) {
    assertEquals(
      permissionsProblem(wrong)?.split(":")[0],
      "permissions that are not lists of names by kind",
    );
  }
});

Deno.test("permissionsText() is the same for the same permissions", () => {
  assertEquals(
    permissionsText({ write: ["b", "a"], net: ["c"] }),
    "net c; write a, b",
  );
  assertEquals(permissionsText({ net: [] }), "none");
  assertEquals(permissionsText(undefined), "none");
});
