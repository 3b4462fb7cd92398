import { assertEquals } from "@std/assert";
import { choosePlugins } from "../../../core/cli/experiment/choose_plugins.ts";
import {
  BUILTINS,
  loadBuiltin,
} from "../../../core/cli/experiment/builtins.ts";
import { flagsHelp, readFlags } from "../../../core/cli/flags.ts";
import { freeFolder } from "../../../core/cli/report/run_folder.ts";
import { sparkline } from "../../../core/cli/report/sparkline.ts";
import { summary } from "../../../core/cli/report/summary.ts";
import type { FilePlugin, History, PluginList } from "../../../mod.ts";

Deno.test("readFlags() reads switches, values and lists", () => {
  const table = [
    { name: "quiet", kind: "switch", help: "say less" },
    { name: "epochs", kind: "count", value: "N", help: "how many" },
    { name: "use", kind: "list", value: "NAME", help: "often" },
  ] as const;
  assertEquals(
    readFlags(
      ["a.ts", "--quiet", "--epochs=3", "--use", "x", "--use=y:z=1"],
      table,
    ),
    {
      flags: { quiet: true, epochs: 3, use: ["x", "y:z=1"] },
      words: ["a.ts"],
    },
  );
  assertEquals(
    flagsHelp(table),
    "  --quiet     say less\n  --epochs N  how many\n  --use NAME  often",
  );
});

Deno.test("sparkline() draws from low to high, and thins long curves out", () => {
  assertEquals(sparkline([1, 2, 3, 4, 5, 6, 7, 8]), "▁▂▃▄▅▆▇█");
  assertEquals(sparkline([3, NaN, 3]), "▅·▅");
  assertEquals(
    sparkline(Array.from({ length: 100 }, (_, i) => i), 8),
    "▁▂▃▄▅▆▇█",
  );
});

Deno.test("summary() says how it ended, the best epoch and where the files are", () => {
  const history = {
    epoch: [0, 1],
    history: { loss: [2, 1], val_loss: [1, 3], val_accuracy: [0.5, 0.25] },
    outcome: {
      status: "stopped",
      by: "early-stopping",
      hook: "onEpochEnd",
      epoch: 1,
      reason: "val_loss has not improved",
    },
    best: { epoch: 0, key: "val_loss", value: 1 },
  } as unknown as History;
  assertEquals(summary(history, "runs/a", ["best/", "log.csv"]), [
    "Stopped after 2 epochs by early-stopping in onEpochEnd: val_loss has not improved",
    "Best epoch: 1, val_loss 1, val_accuracy 0.5",
    "  loss          █▁  2 -> 1",
    "  val_loss      ▁█  1 -> 3",
    "  val_accuracy  █▁  0.5 -> 0.25",
    "Files in runs/a:",
    "  best/",
    "  log.csv",
  ]);
});

Deno.test("freeFolder() never takes a folder that is there", async () => {
  const parent = await Deno.makeTempDir();
  const now = new Date("2026-11-20T22:08:00Z");
  const first = await freeFolder("digits", now, parent);
  assertEquals(first, `${parent}/digits-2026-11-20T22-08-00`);
  await Deno.mkdir(first);
  assertEquals(await freeFolder("digits", now, parent), `${first}-2`);
});

Deno.test("every built-in loads under its name", async () => {
  for (const name of BUILTINS) {
    assertEquals((await loadBuiltin(name)).create().name, name);
  }
});

Deno.test("--use replaces by name; providers go before the experiment's plugins, others behind", async () => {
  const merge = await choosePlugins({
    discovery: { found: [], broken: [] },
    named: ["csv-logger", ["early-stopping", { patience: 1 }]],
    use: [
      "early-stopping:patience=9",
      "learning-rate-scheduler",
      "terminate-on-nan",
    ],
    without: [],
    progress: {},
  });
  const names = (list: PluginList) =>
    list.map((item) =>
      (item as FilePlugin).plugin?.name ?? (item as { name: string }).name
    );
  assertEquals(names(merge([{ name: "own", onEpochEnd() {} }])), [
    "learning-rate-scheduler",
    "own",
    "csv-logger",
    "early-stopping",
    "terminate-on-nan",
    "progress",
  ]);
});
