import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import csvLogger, { type CsvLoggerOptions } from "../../plugins/csv_logger.ts";
import { PluginError } from "../../core/errors.ts";
import { type LogRecord, OptionError } from "../../core/plugin.ts";
import { fakeRun, type FakeRunOptions } from "../../core/testing.ts";

/** A run whose steps report the loss, with validation. */
async function log(
  dir: string,
  options: CsvLoggerOptions,
  epochs: readonly LogRecord[],
  run: FakeRunOptions = {},
) {
  const { fire } = fakeRun(csvLogger(options), {
    dir,
    metrics: ["loss"],
    ...run,
  });
  await fire("onTrainBegin");
  for (const [epoch, logs] of epochs.entries()) {
    await fire("onEpochEnd", epoch, logs);
  }
  await fire("onTrainEnd");
}

/** A run without validation. */
const LOSS_ALONE: FakeRunOptions = { metrics: ["loss"], validation: false };

const read = (dir: string, name = "log.csv") =>
  Deno.readTextFile(`${dir}/${name}`);

Deno.test("one row per epoch: epoch from 0, then the keys by name; NA for missing values", async () => {
  const dir = await Deno.makeTempDir();
  await log(dir, {}, [{ loss: 1, val_loss: 2 }, { loss: 0.5 }]);
  assertEquals(await read(dir), "epoch,loss,val_loss\r\n0,1,2\r\n1,0.5,NA\r\n");
});

Deno.test("non-finite numbers are written as Python writes them", async () => {
  const dir = await Deno.makeTempDir();
  await log(dir, {}, [{ loss: NaN, val_loss: Infinity }, {
    loss: -Infinity,
    val_loss: 1e-9,
  }]);
  assertEquals(
    await read(dir),
    "epoch,loss,val_loss\r\n0,nan,inf\r\n1,-inf,1e-9\r\n",
  );
});

Deno.test("the separator is honoured and the folder created", async () => {
  const dir = await Deno.makeTempDir();
  await log(dir, { filename: "results/training.csv", separator: ";" }, [{
    loss: 1,
    val_loss: 2,
  }]);
  assertEquals(
    await read(dir, "results/training.csv"),
    "epoch;loss;val_loss\r\n0;1;2\r\n",
  );
});

Deno.test("each row is on disk when the epoch ends, the header when training begins", async () => {
  const dir = await Deno.makeTempDir();
  const { fire } = fakeRun(csvLogger(), { dir, ...LOSS_ALONE });
  await fire("onTrainBegin");
  assertEquals(await read(dir), "epoch,loss\r\n");
  await fire("onEpochEnd", 0, { loss: 1 });
  assertEquals(await read(dir), "epoch,loss\r\n0,1\r\n");
  await fire("onTrainEnd");
});

Deno.test("append adds rows without a second header; without it the file is new", async () => {
  const dir = await Deno.makeTempDir();
  await log(dir, {}, [{ loss: 1, val_loss: 2 }]);
  await log(dir, { append: true }, [{ loss: 3, val_loss: 4 }]);
  assertEquals(await read(dir), "epoch,loss,val_loss\r\n0,1,2\r\n0,3,4\r\n");
  await log(dir, {}, [{ loss: 5, val_loss: 6 }]);
  assertEquals(await read(dir), "epoch,loss,val_loss\r\n0,5,6\r\n");
});

Deno.test("append starts a new line if the last one was cut short", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/log.csv`, "epoch,loss\n0,1");
  await log(dir, { append: true }, [{ loss: 2 }], LOSS_ALONE);
  assertEquals(await read(dir), "epoch,loss\n0,1\r\n0,2\r\n");
});

Deno.test("appending to other columns is rejected, and the file stays as it was", async () => {
  const dir = await Deno.makeTempDir();
  await log(dir, {}, [{ loss: 1, val_loss: 2 }]);
  const before = await read(dir);
  const { cause } = await assertRejects(
    () => log(dir, { append: true }, [], LOSS_ALONE),
    PluginError,
  );
  assertEquals(
    (cause as Error).message,
    `cannot append to ${dir}/log.csv: its columns are epoch, loss, val_loss, this run's are epoch, loss; choose another filename, or set append=false`,
  );
  assertEquals(await read(dir), before);
});

Deno.test("if keys are known only as they come, the first epoch defines the columns", async () => {
  const dir = await Deno.makeTempDir();
  const { fire } = fakeRun(csvLogger(), { dir, metrics: null });
  await fire("onTrainBegin");
  assertEquals([...Deno.readDirSync(dir)], []);
  await fire("onEpochEnd", 0, { loss: 1 });
  await fire("onTrainEnd");
  assertEquals(await read(dir), "epoch,loss\r\n0,1\r\n");
});

Deno.test("a separator that is not a single character is rejected", () => {
  const error = assertThrows(() => csvLogger({ separator: ", " }), OptionError);
  assertEquals(
    error.message,
    `Cannot create csv-logger as 'separator' must be one character, not a quote or a line break: current value is ", "`,
  );
});

Deno.test("a metric of every third epoch is NA in the others", async () => {
  const dir = await Deno.makeTempDir();
  const epochs = [1, 2, 3, 4, 5].map((loss): LogRecord =>
    loss === 3 ? { loss, val_loss: 0.5 } : { loss }
  );
  await log(dir, {}, epochs, { validationFreq: 3 });
  assertEquals(
    await read(dir),
    "epoch,loss,val_loss\r\n0,1,NA\r\n1,2,NA\r\n2,3,0.5\r\n3,4,NA\r\n4,5,NA\r\n",
  );
});

Deno.test("the same plugin logs one run after another", async () => {
  const dir = await Deno.makeTempDir();
  const plugin = csvLogger({ append: true });
  for (const loss of [1, 2]) {
    const { fire } = fakeRun(plugin, { dir, ...LOSS_ALONE });
    await fire("onTrainBegin");
    await fire("onEpochEnd", 0, { loss });
    await fire("onEpochEnd", 1, { loss });
    await fire("onTrainEnd");
  }
  assertEquals(
    await read(dir),
    "epoch,loss\r\n0,1\r\n1,1\r\n0,2\r\n1,2\r\n",
  );
});

Deno.test("append starts a missing or empty file with a header", async () => {
  const dir = await Deno.makeTempDir();
  await log(dir, { append: true }, [{ loss: 1 }], LOSS_ALONE);
  assertEquals(await read(dir), "epoch,loss\r\n0,1\r\n");
  await Deno.writeTextFile(`${dir}/empty.csv`, "");
  await log(dir, { append: true, filename: "empty.csv" }, [], LOSS_ALONE);
  assertEquals(await read(dir, "empty.csv"), "epoch,loss\r\n");
});

Deno.test("append reads the columns with its own separator", async () => {
  const dir = await Deno.makeTempDir();
  const options = { separator: "\t", append: true };
  await log(dir, options, [{ loss: 1, val_loss: 2 }]);
  await log(dir, options, [{ loss: 3, val_loss: 4 }]);
  assertEquals(
    await read(dir),
    "epoch\tloss\tval_loss\r\n0\t1\t2\r\n0\t3\t4\r\n",
  );
  await assertRejects(
    () => log(dir, { append: true }, []),
    PluginError,
    "its columns are epoch\tloss\tval_loss, this run's are epoch, loss, val_loss",
  );
});

Deno.test("a key that contains the separator is quoted, and read back for append", async () => {
  const dir = await Deno.makeTempDir();
  for (const loss of [1, 2]) {
    await log(dir, { append: true }, [{ "a,b": loss }], {
      metrics: ["a,b"],
      validation: false,
    });
  }
  assertEquals(await read(dir), 'epoch,"a,b"\r\n0,1\r\n0,2\r\n');
});

Deno.test("append tells a key that contains a comma from two keys", async () => {
  const dir = await Deno.makeTempDir();
  await log(dir, {}, [{ "a,b": 1 }], { metrics: ["a,b"], validation: false });
  await assertRejects(
    () =>
      log(dir, { append: true }, [], {
        metrics: ["a", "b"],
        validation: false,
      }),
    PluginError,
    "cannot append",
  );
});

Deno.test("keys that appear after the header are left out", async () => {
  const dir = await Deno.makeTempDir();
  await log(dir, {}, [{ loss: 1 }, { loss: 2, late: 3 }], { metrics: null });
  assertEquals(await read(dir), "epoch,loss\r\n0,1\r\n1,2\r\n");
});

Deno.test("an absolute path stays where it is, if the run has no folder of its own", async () => {
  const dir = await Deno.makeTempDir();
  await log(".", { filename: `${dir}/a/b.csv` }, [], LOSS_ALONE);
  assertEquals(await read(dir, "a/b.csv"), "epoch,loss\r\n");
});

Deno.test("a run that another plugin ends with NaN leaves a whole file", async () => {
  const dir = await Deno.makeTempDir();
  await log(dir, {}, [{ loss: NaN, accuracy: 0.1 }], {
    metrics: ["loss", "accuracy"],
    validation: false,
  });
  assertEquals(await read(dir), "epoch,accuracy,loss\r\n0,0.1,nan\r\n");
});

Deno.test("a folder that cannot be written to fails the run's first hook", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/taken`, "");
  const { place } = await assertRejects(
    () => log(dir, { filename: "taken/log.csv" }, []),
    PluginError,
    `${dir}/taken`,
  );
  assertEquals(place.hook, "onTrainBegin");
});

Deno.test("separators that would break the file are rejected", () => {
  for (const separator of ["", '"', "\n", "\r"]) {
    assertThrows(
      () => csvLogger({ separator }),
      OptionError,
      `Cannot create csv-logger as 'separator' must be one character, not a quote or a line break: current value is ${
        JSON.stringify(separator)
      }`,
    );
  }
});

Deno.test({
  name: "the file is closed when training ends",
  sanitizeResources: true,
  async fn() {
    const dir = await Deno.makeTempDir();
    await log(dir, {}, [{ loss: 1 }], LOSS_ALONE);
    assertEquals(await read(dir), "epoch,loss\r\n0,1\r\n");
  },
});

Deno.test("a run that goes on, whose keys are known late, adds to its file without a second header", async () => {
  const dir = await Deno.makeTempDir();
  const before = "epoch,loss,val_loss\r\n0,1,2\r\n";
  await Deno.writeTextFile(`${dir}/log.csv`, before);
  const plugin = csvLogger();
  const { fire } = fakeRun(plugin, { dir, metrics: [] });
  await fire("onTrainBegin");
  Object.assign(plugin.state!, { columns: ["epoch", "loss", "val_loss"] });
  await fire("onEpochEnd", 1, { loss: 0.5, val_loss: 0.6 });
  await fire("onTrainEnd");
  assertEquals(await read(dir), `${before}1,0.5,0.6\r\n`);
});
