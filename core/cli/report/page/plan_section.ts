/**
 * Who ran when and read what, and of what the model is made.
 *
 * @module
 */
import type { RunReport } from "../run_report.ts";
import type { PlannedHook } from "../plan_facts.ts";
import { text } from "../plain_facts.ts";
import type { Section } from "./frame.ts";
import { markup, type Part } from "./html.ts";
import { table } from "./tables.ts";
import { count } from "../../../number_text.ts";

/** The section on the plan. */
export function planSection({ plan }: RunReport): Section | undefined {
  if (!plan) return undefined;
  return {
    id: "plan",
    title: "Plan",
    body: [
      markup`<p>${plan.what}. In each hook the plugins run from left to right.</p>`,
      plan.hooks.length > 0
        ? table(
          "Who runs when, and what each reads and adds",
          [{ title: "hook" }, { title: "plugins" }, { title: "log keys" }],
          plan.hooks.map((hook) => ({
            cells: [
              markup`<code>${hook.hook}</code>`,
              callsOf(hook),
              hook.keys.join(", ") || markup`<span class="soft">none</span>`,
            ],
          })),
        )
        : markup`<p>No plugins.</p>`,
      plan.leftOut.map((it) => markup`<p>${it}</p>`),
      plan.warnings.map((it) => markup`<p>Warning: ${it}</p>`),
    ],
  };
}

function callsOf({ calls }: PlannedHook): Part {
  return calls.map(({ plugin, reads, adds, shadow }, i) => {
    const more = [
      shadow && "on trial",
      reads && `reads ${reads}`,
      adds && `adds ${adds.join(", ")}`,
    ].filter(Boolean).join("; ");
    return markup`${i > 0 && ", "}${plugin}${
      more && markup` <span class="soft">(${more})</span>`
    }`;
  });
}

/** The section on the model. */
export function modelSection({ layers }: RunReport): Section | undefined {
  if (layers.length === 0) return undefined;
  const params = layers.map((it) => Number(it.params) || 0);
  const trained = layers.map((it, i) =>
    it.trained === undefined ? params[i]! : Number(it.trained) || 0
  );
  const [all, moving] = [params, trained].map((some) =>
    some.reduce((a, b) => a + b, 0)
  ) as [number, number];
  const frozen = all - moving;
  return {
    id: "model",
    title: "Model",
    body: [
      markup`<p>${count(all)} parameters${
        frozen > 0 && `, of which ${count(frozen)} are not trained`
      }.</p>`,
      table(
        "Layers of the model, with what they put out",
        [
          { title: "layer" },
          { title: "type" },
          { title: "output" },
          { title: "parameters", numeric: true },
        ],
        layers.map((layer, i) => ({
          cells: [
            text(layer.name) ?? "?",
            text(layer.type) ?? "?",
            shapeText(layer.output),
            markup`${count(params[i]!)}${
              trained[i] !== params[i] &&
              markup` <span class="soft">(${count(trained[i]!)} trained)</span>`
            }`,
          ],
        })),
      ),
    ],
  };
}

/** `28 × 28 × 1`; the number of samples comes first in all of them. */
function shapeText(shape: unknown): string {
  if (!Array.isArray(shape)) return "?";
  if (shape.some(Array.isArray)) return shape.map(shapeText).join("; ");
  const [, ...own] = shape;
  return own.length ? own.map((it) => it ?? "any").join(" × ") : "one number";
}
