/**
 * A setting as an experiment for the command line.
 *
 * @module
 */
import type { Experiment, HandExperiment, Plugin } from "../../mod.ts";
import { modelOf as savedModelOf, tfResources } from "../../mod.ts";
import { setBomb } from "./bomb.ts";
import { sameNaNs } from "./compare.ts";
import { loop, transformsOf } from "./loops.ts";
import {
  BATCH,
  modelOf,
  samplesFor,
  trainingData,
  validationOf,
} from "./models.ts";
import { pluginsOf } from "./plugins.ts";
import type { Setting } from "./setting.ts";

/**
 * The experiment of a setting; `fit` has the form of an object, all others that
 * of a function.
 */
export async function experimentOf(
  setting: Setting,
): Promise<Experiment | HandExperiment> {
  setBomb(JSON.parse(Deno.readTextFileSync("bomb.json")));
  const plugins = [...await pluginsOf(setting.plugins), atTheEnd()];
  if (setting.loop !== "fit") {
    return ({ run }) => {
      const model = modelOf(setting);
      return loop({ setting, model, options: run(plugins) });
    };
  }
  const { training, validation } = samplesFor(setting.model);
  const { epochs, stepsPerEpoch, validationFreq } = setting;
  return {
    model: () => modelOf(setting),
    data: () => ({
      train: trainingData(setting, training),
      validation: validationOf(setting, validation).data,
    }),
    plugins,
    options: {
      ...{ epochs, stepsPerEpoch, validationFreq },
      validationSteps: validationOf(setting, validation).steps,
      ...setting.validation === "arrays" && { validationBatchSize: BATCH },
      ...setting.data === "arrays" && { batchSize: BATCH },
      shuffle: setting.model !== "stateful",
      gradients: transformsOf(setting),
    },
  };
}

/** Weights and slots as training left them. */
function atTheEnd(): Plugin {
  return {
    name: "at-the-end",
    order: "post",
    needs: {},
    requires: ["model"],
    async onTrainEnd(_logs, run) {
      const model = savedModelOf(run);
      const saved = await tfResources({ model }).weights!.write!();
      const lines = saved.tensors.map(({ name, data }) =>
        `${name} ${sameNaNs(data).toHex()}\n`
      );
      run.files.write("final.txt", lines.join("") + JSON.stringify(saved.rest));
    },
  };
}
