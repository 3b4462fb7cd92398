// @ts-check
/// <reference lib="dom" />
/**
 * The head of the page: which run it is, where it is, and how it ended.
 *
 * @module
 */
import { byId } from "./page.js";
import { number, span } from "./words.js";

/** @import { EndMessage, RunMessage, StatusMessage } from "./protocol.ts" */
/** @import { Connection } from "./stream.js" */

/** The head of a run of which nothing is known yet. */
export function newState() {
  /** @type {RunMessage | undefined} */
  let run;
  /** @type {StatusMessage | undefined} */
  let status;
  /** @type {EndMessage | undefined} */
  let end;
  /** @type {Connection | undefined} */
  let connection;
  let since = "";
  let problem = "";

  return {
    /** @param {RunMessage} message */
    run(message) {
      run = message;
    },
    /** @param {StatusMessage} message */
    status(message) {
      status = message;
    },
    /** @param {EndMessage} message */
    end(message) {
      end = message;
    },
    /** @param {Connection} now @param {string} [why] */
    connection(now, why = "") {
      if (now === "lost" && connection !== "lost") {
        since = new Date().toLocaleTimeString();
      }
      connection = now;
      problem = why;
    },
    reset() {
      status = end = undefined;
    },
    /** Whether the run is over, or cannot be reached. */
    get gone() {
      return end !== undefined || connection !== "open";
    },
    update() {
      const [state, text] = stateOf();
      const pill = byId("state");
      if (pill.textContent !== text) pill.textContent = text;
      pill.dataset.state = state;
      if (!run) return;
      const { name, dir, mode, params, plugins } = run;
      const done = progress(run, status, end);
      byId("name").textContent = name;
      byId("about").textContent = [
        dir === name || dir.endsWith(`/${name}`) ? dir : `${mode} in ${dir}`,
        params.seed === null ? "" : `seed ${params.seed}`,
        params.batchSize === null ? "" : `batches of ${params.batchSize}`,
        plugins.join(", "),
      ].filter(Boolean).join(" · ");
      document.title = `${
        end ? end.outcome.status : `${Math.floor(done * 100)} %`
      } · ${name} · hookloop`;
      const bar = /** @type {HTMLProgressElement} */ (byId("progress"));
      bar.value = done;
      byId("position").textContent = position(run, status);
      byId("time").textContent = time(status, end);
      const outcome = byId("outcome");
      outcome.hidden = !end;
      if (end) outcome.textContent = outcomeText(end);
    },
  };

  /** @returns {[state: string, text: string]} */
  function stateOf() {
    if (end) return ["ended", `Ended: ${end.outcome.status}`];
    switch (connection) {
      case "lost":
        return ["lost", `Connection lost since ${since}, trying again`];
      case "refused":
        return [
          "lost",
          problem || "This address is not that of the run any more",
        ];
      case "open":
        break;
      default:
        return ["opening", "Connecting"];
    }
    if (status?.waiting.some((it) => it.startsWith("stop"))) {
      return ["waiting", "Stops after this epoch"];
    }
    return run ? ["running", "Running"] : ["opening", "Connecting"];
  }
}

/**
 * How much of the run is done, from 0 to 1.
 *
 * @param {RunMessage} run
 * @param {StatusMessage | undefined} status
 * @param {EndMessage | undefined} end
 */
function progress({ params: { epochs, steps } }, status, end) {
  if (end?.outcome.status === "completed") return 1;
  if (!status || !epochs) return 0;
  const inEpoch = steps ? Math.min(1, (status.batch + 1) / steps) : 0;
  return Math.min(1, (status.epoch + inEpoch) / epochs);
}

/**
 * @param {RunMessage} run
 * @param {StatusMessage | undefined} status
 */
function position({ params: { epochs, steps } }, status) {
  if (!status) return "";
  const { epoch, batch, step } = status;
  const of = steps ? ` of ${number(steps)}` : "";
  return `Epoch ${number(epoch + 1)} of ${number(epochs)}, batch ${
    number(batch + 1)
  }${of} · ${number(step)} steps`;
}

/**
 * @param {StatusMessage | undefined} status
 * @param {EndMessage | undefined} end
 */
function time(status, end) {
  if (end) return `took ${span(end.elapsed)}`;
  if (!status) return "";
  const { eta } = status;
  const left = eta === null
    ? ""
    : eta < 1000
    ? " · less than a second left"
    : ` · about ${span(eta)} left`;
  return `${span(status.elapsed)}${left}`;
}

/** @param {EndMessage} end */
function outcomeText({ outcome: { status, by, reason, epoch }, best }) {
  const who = by ? ` by ${by}` : "";
  const when = status === "completed" || typeof epoch !== "number"
    ? ""
    : ` in epoch ${epoch + 1}`;
  const why = reason ? `: ${reason}` : "";
  const first = status.charAt(0).toUpperCase() + status.slice(1);
  const which = best
    ? ` Best epoch: ${best.epoch + 1}, with ${best.key} ${number(best.value)}.`
    : "";
  return `${first}${who}${when}${why}.${which}`;
}
