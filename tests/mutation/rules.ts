/**
 * What is changed in a mutant, by kind of syntax. A change that another one
 * implies is left out: tests that tell `a && b` from `a` and from `b` tell it
 * from `a || b` too.
 *
 * @module
 */
import ts from "typescript";
import { DROPPED, LOGICAL, METHODS, OPERATORS } from "./swaps.ts";

/** What is replaced, by offsets, and by what. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The changes to make at a node itself, not to its children. */
export type Rule = (node: ts.Node) => readonly Change[];

const { SyntaxKind } = ts;

function replace(node: ts.Node, ...texts: string[]): Change[] {
  return texts.map((text) => ({
    start: node.getStart(),
    end: node.getEnd(),
    text,
  }));
}

function operators(node: ts.Node): Change[] {
  if (!ts.isBinaryExpression(node)) return [];
  const { left, right, operatorToken } = node;
  const operator = operatorToken.getText();
  if (LOGICAL.includes(operator)) {
    return replace(node, `(${left.getText()})`, `(${right.getText()})`);
  }
  const joinsText = operator === "+" && [left, right].some(isText);
  return joinsText ? [] : replace(operatorToken, ...OPERATORS[operator] ?? []);
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

function unary(node: ts.Node): Change[] {
  if (ts.isPrefixUnaryExpression(node)) {
    const operand = node.operand.getText();
    if (node.operator === SyntaxKind.ExclamationToken) {
      return replace(node, operand);
    }
    if (node.operator === SyntaxKind.PlusPlusToken) {
      return replace(node, `--${operand}`);
    }
  }
  return ts.isPostfixUnaryExpression(node)
    ? replace(
      node,
      node.operand.getText() +
        (node.operator === SyntaxKind.PlusPlusToken ? "--" : "++"),
    )
    : [];
}

function literals(node: ts.Node): Change[] {
  if (node.kind === SyntaxKind.TrueKeyword) return replace(node, "false");
  if (node.kind === SyntaxKind.FalseKeyword) return replace(node, "true");
  if (ts.isNumericLiteral(node)) {
    return replace(node, String(Number(node.text) + 1));
  }
  if (ts.isArrayLiteralExpression(node) && node.elements.length) {
    return replace(node, "[]");
  }
  if (ts.isObjectLiteralExpression(node) && node.properties.length) {
    return replace(node, "{}");
  }
  return steers(node) ? replace(node, `""`) : [];
}

/** Whether a text is a word that the program looks at, not one for people. */
function steers(node: ts.Node): boolean {
  if (!ts.isStringLiteral(node) || !/^[\w-]+$/.test(node.text)) return false;
  const { parent } = node;
  if (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent)) {
    return parent.initializer === node;
  }
  return ts.isArrayLiteralExpression(parent) || ts.isCallExpression(parent) ||
    ts.isCaseClause(parent) || ts.isBindingElement(parent) ||
    ts.isConditionalExpression(parent) || ts.isReturnStatement(parent);
}

/** A loop forced to go on would only run out of time. */
function conditions(node: ts.Node): Change[] {
  if (ts.isIfStatement(node)) return replace(node.expression, "true", "false");
  if (ts.isConditionalExpression(node)) {
    return replace(node.condition, "true", "false");
  }
  if (ts.isWhileStatement(node)) return replace(node.expression, "false");
  return ts.isForStatement(node) && node.condition
    ? replace(node.condition, "false")
    : [];
}

function statements(node: ts.Node): Change[] {
  if (ts.isReturnStatement(node) && node.expression) {
    return isNothing(node.expression) ? [] : replace(node, "return;");
  }
  const removable = ts.isExpressionStatement(node) ||
    ts.isThrowStatement(node) || ts.isReturnStatement(node) ||
    ts.isBreakOrContinueStatement(node);
  return removable ? replace(node, ";") : [];
}

/** What is as good as undefined to whoever asks whether it is so. */
function isNothing(node: ts.Node): boolean {
  return node.kind === SyntaxKind.FalseKeyword ||
    (ts.isIdentifier(node) && node.text === "undefined");
}

/** What is returned or kept in a property is forgotten. */
function values(node: ts.Node): Change[] {
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
    return isNothing(node.body) ? [] : replace(node.body, "undefined");
  }
  if (ts.isShorthandPropertyAssignment(node)) {
    return replace(node, `${node.name.text}: undefined`);
  }
  if (ts.isSpreadAssignment(node)) return replace(node, "...{}");
  if (!ts.isPropertyAssignment(node)) return [];
  const { initializer } = node;
  const plain = ts.isPropertyAccessExpression(initializer) ||
    ts.isCallExpression(initializer) || ts.isIdentifier(initializer);
  return plain && !isNothing(initializer)
    ? replace(initializer, "undefined")
    : [];
}

function calls(node: ts.Node): Change[] {
  if (!ts.isCallExpression(node)) return [];
  const callee = node.expression;
  if (!ts.isPropertyAccessExpression(callee)) return [];
  const { text } = callee.name;
  if (DROPPED.includes(text)) {
    return replace(node, callee.expression.getText());
  }
  return Object.hasOwn(METHODS, text)
    ? replace(callee.name, METHODS[text]!)
    : [];
}

function optionalChains(node: ts.Node): Change[] {
  const chained = ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) || ts.isCallExpression(node);
  if (!chained || !node.questionDotToken) return [];
  const text = ts.isPropertyAccessExpression(node) ? "." : "";
  return replace(node.questionDotToken, text);
}

/** All rules. */
export const RULES: readonly Rule[] = [
  operators,
  unary,
  literals,
  conditions,
  statements,
  values,
  calls,
  optionalChains,
];
