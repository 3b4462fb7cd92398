/**
 * A step-wise learning rate, as a function of (epoch, learning rate), in two
 * forms: one that always wins over other plugins, and one that does not.
 *
 * @module
 */

/** A function for `learningRateScheduler`. */
export type Schedule = (epoch: number, lr: number) => number;

const LR_TIMES = [[0, 1.0], [5, 1e-1], [10, 1e-2]] as const;
const BASE_LR = 1e-1;

/**
 * A tenth of the learning rate every five epochs.
 *
 * @param print Called when the learning rate changes.
 */
export function lrSchedule(print: (line: string) => void): Schedule {
  return (epoch, lr) => {
    const newLr = tableLr(epoch);
    if (Math.abs(lr - newLr) > 1e-7) {
      print(
        `Epoch ${
          padded(epoch)
        }: LearningRateScheduler reducing learning rate to ${newLr} from ${lr}.`,
      );
    }
    return newLr;
  };
}

/**
 * The same, but it does not entirely ignore what `reduceLrOnPlateau` did: a
 * lower learning rate is kept as long as it is not lower than a tenth of the
 * table's.
 *
 * @param print Called when the learning rate changes, or is kept.
 */
export function lrScheduleThatKeeps(print: (line: string) => void): Schedule {
  return (epoch, lr) => {
    const newLr = tableLr(epoch);
    if (Math.abs(lr - newLr) > 1e-7) {
      if (lr < newLr && lr > 0.1 * newLr - 1e-7) {
        print(
          `Epoch ${padded(epoch)}: Still keep learning rate ${
            rounded(lr)
          } instead of ${rounded(newLr)}`,
        );
        return lr;
      }
      print(
        `Epoch ${
          padded(epoch)
        }: LearningRateScheduler reducing learning rate to ${
          rounded(newLr)
        } from ${rounded(lr)}.`,
      );
    }
    return newLr;
  };
}

function tableLr(epoch: number): number {
  const [, times] = LR_TIMES.findLast(([border]) => epoch >= border)!;
  return BASE_LR * times;
}

function padded(epoch: number): string {
  return String(epoch + 1).padStart(5, "0");
}

function rounded(lr: number): number {
  return Number(lr.toFixed(7));
}
