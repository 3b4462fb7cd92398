import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { gradientChain } from "../../../core/loop/gradients.ts";
import { tfGradientSteps } from "../../../core/tf/gradient_steps.ts";
import {
  clipByGlobalNorm,
  clipByNorm,
} from "../../../core/tf/gradient_transforms.ts";
import { train } from "../../../core/loop/own_step.ts";
import { silent } from "../../../core/terminal.ts";
import { useBackend } from "../../../core/tf/backend.ts";
import { seededRandom } from "../../../core/random.ts";
import { grown } from "./_models.ts";

const FIRST = { step: 0, random: seededRandom(0) };

/** Steps that pull a slope and an offset toward a target; the third variable is not in the loss. */
function pulling(optimizer: tf.Optimizer) {
  const variables = [3, 4, 5].map((value) => tf.variable(tf.scalar(value)));
  const [slope, offset] = variables;
  const steps = tfGradientSteps({
    loss: (target: number) =>
      slope!.sub(target).square().add(offset!.sub(target).square()),
    variables,
    optimizer,
  });
  return { steps, variables };
}

Deno.test("tfGradientSteps() returns the loss and the gradients, and updates nothing yet", async () => {
  const { steps, variables } = pulling(tf.train.sgd(0.1));
  const { values, gradients } = await steps.gradientStep(0, FIRST);
  assertEquals((values.loss as tf.Tensor).dataSync()[0], 25);
  assertEquals(
    variables.map(({ name }) => gradients[name]?.dataSync()[0]),
    [6, 8, undefined],
  );
  assertEquals(variables.map((v) => v.dataSync()[0]), [3, 4, 5]);
  await steps.applyGradients(gradients);
  [2.4, 3.2, 5].forEach((expected, i) =>
    assertAlmostEquals(variables[i]!.dataSync()[0]!, expected, 1e-6)
  );
  assertEquals(Object.values(steps.variables()), variables);
});

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`tfGradientSteps() takes the same steps as the optimizer's minimize (${backend})`, async () => {
    await useBackend(backend, { threads: 1 });
    for (
      const make of [
        () => tf.train.momentum(0.1, 0.9),
        () => tf.train.adam(0.1),
      ]
    ) {
      const ours = pulling(make());
      const optimizer = make();
      const theirs = pulling(optimizer).variables;
      const chain = gradientChain([], ours.steps);
      for (let i = 0; i < 3; i++) {
        const { gradients } = await ours.steps.gradientStep(1, FIRST);
        await chain.apply(gradients);
        optimizer.minimize(
          () =>
            theirs[0]!.sub(1).square().add(theirs[1]!.sub(1).square())
              .asScalar(),
          false,
          theirs,
        );
      }
      assertEquals(
        ours.variables.map((v) => v.dataSync()[0]),
        theirs.map((v) => v.dataSync()[0]),
      );
    }
    await useBackend("cpu");
  });
}

Deno.test("tfGradientSteps() leaks nothing in a chain of transforms", async () => {
  const { steps } = pulling(tf.train.sgd(0.1));
  const chain = gradientChain([clipByNorm(1)], steps);
  const leaked = await grown(async () => {
    for (let i = 0; i < 3; i++) {
      const { values, gradients } = await steps.gradientStep(0, FIRST);
      const applied = chain.apply(gradients);
      assert(!(applied instanceof Promise));
      tf.dispose(values.loss as tf.Tensor);
    }
  });
  assertEquals(leaked, 0);
});

Deno.test("train() clips the gradients of tfGradientSteps()", async () => {
  const { steps, variables } = pulling(tf.train.sgd(1));
  const { history } = await train({ ...steps, metrics: ["loss"] }, [0], {
    gradients: [clipByGlobalNorm(5)],
    printer: silent(),
  });
  assertEquals(history.loss, [25]);
  // The gradients (6, 8) have the norm 10, so half of them counts.
  [0, 0, 5].forEach((expected, i) =>
    assertAlmostEquals(variables[i]!.dataSync()[0]!, expected, 1e-6)
  );
});

Deno.test("train() leaks nothing if a transform throws", async () => {
  const { steps } = pulling(tf.train.sgd(1));
  const broken = {
    name: "broken",
    apply() {
      throw new Error("no way");
    },
  };
  const leaked = await grown(() =>
    assertRejects(
      () => train(steps, [0], { gradients: [broken], printer: silent() }),
      Error,
      `Gradient transform "broken" failed at step 0: no way`,
    )
  );
  assertEquals(leaked, 0);
});

Deno.test("train() without transforms trains gradient steps too", async () => {
  const { steps, variables } = pulling(tf.train.sgd(0.5));
  await train(steps, [0], { printer: silent() });
  assertEquals(variables.map((v) => v.dataSync()[0]), [0, 0, 5]);
});
