/**
 * Templates of file names: what they make stays in the run's folder.
 *
 * @module
 */
import fc from "fast-check";
import csvLogger from "../../../plugins/csv_logger.ts";
import modelCheckpoint from "../../../plugins/model_checkpoint.ts";
import { fakeRun } from "../../../core/testing.ts";
import { type AnyTarget, target, Wrong } from "../target.ts";
import { number, word } from "../values.ts";

const part = fc.oneof(
  fc.constantFrom(
    "{epoch}",
    "{epoch:02d}",
    "{val_loss:.2f}",
    "{loss:e}",
    "{loss:g}",
    "{batch}",
  ),
  fc.constantFrom(
    "{epoch:",
    "{epoch:d",
    "{loss:.99f}",
    "{loss:99999999999d}",
    "{loss:08.3f}",
    "{nothing}",
  ),
  fc.constantFrom("/", "..", ".", "a", "b-", "{{", "}}"),
  word,
);

/** The path of a template, with what it is filled in with. */
export const templates: AnyTarget = target({
  name: "templates",
  share: 10,
  inputs: fc.record({
    parts: fc.array(part, { minLength: 1, maxLength: 4 }),
    loss: number,
    epoch: fc.constantFrom(0, 1, 9, 99_999),
    plugin: fc.constantFrom("model-checkpoint", "csv-logger"),
  }),
  async attempt({ parts, loss, epoch, plugin }, dir) {
    // A path that leaves the run's folder is seen; an absolute one says so.
    const run = `${dir}/out/side/run`;
    await Deno.mkdir(run, { recursive: true });
    const path = parts.join("").replace(/^[/\\]+/, "");
    const made = plugin === "csv-logger"
      ? csvLogger({ filename: path })
      : modelCheckpoint({ filepath: path, verbose: true });
    const { fire, saves } = fakeRun(made, { dir: run });
    await fire("onTrainBegin");
    await fire("onEpochBegin", epoch);
    await fire("onEpochEnd", epoch, { loss, val_loss: loss });
    await fire("onTrainEnd", { loss });
    for (const { path } of saves) {
      const up = path.split(/[\\/]/).includes("..");
      if (up || /^([a-z]:)?[\\/]/i.test(path)) {
        throw new Wrong(`it saves to ${path}`);
      }
    }
    const beside = [dir, `${dir}/out`, `${dir}/out/side`].flatMap((at) =>
      [...Deno.readDirSync(at)].map(({ name }) => name)
    );
    if (beside.length !== 3) throw new Wrong(`it wrote ${beside.join(", ")}`);
  },
});
