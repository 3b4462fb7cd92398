/**
 * The page of one run.
 *
 * @module
 */
import type { RunReport } from "../run_report.ts";
import { curvesSection, type Figure, picturesSection } from "./curves.ts";
import { page } from "./frame.ts";
import { checkpointsSection, happenedSection } from "./happened_section.ts";
import { nameOf, opening } from "./opening.ts";
import { modelSection, planSection } from "./plan_section.ts";
import {
  repeatSection,
  settingsSection,
  timeSection,
} from "./settings_section.ts";

/**
 * The page of a run, from what is known of it.
 *
 * @param report What is known.
 * @param figures Its curves.
 * @param at When the page is made, as an ISO date.
 * @returns A whole HTML document.
 */
export function reportPage(
  report: RunReport,
  figures: readonly Figure[],
  at: string,
): string {
  const sections = [
    curvesSection(report, figures),
    picturesSection(report),
    happenedSection(report),
    checkpointsSection(report),
    repeatSection(report),
    planSection(report),
    modelSection(report),
    timeSection(report),
    settingsSection(report),
  ];
  return page({
    title: `${nameOf(report.dir)} · ${report.state.word}`,
    head: opening(report, at),
    sections: sections.filter((it) => it !== undefined),
    at,
  });
}
