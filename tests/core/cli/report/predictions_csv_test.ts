import { assertEquals } from "@std/assert";
import { predictionsCsv } from "../../../../core/cli/report/predictions_csv.ts";

Deno.test("predictionsCsv() writes classes with their probability, by name where there is one", () => {
  const values = [0.25, 0.75, 0.5, 0.5, NaN, 0];
  const table = (classes: string[]) =>
    predictionsCsv(3, [{ prefix: "", width: 2, values, classes }]);
  assertEquals(
    table(["no", "yes"]),
    "sample,predicted,probability\r\n0,yes,0.75\r\n1,no,0.5\r\n2,nan,nan\r\n",
  );
  assertEquals(table([]).split("\r\n")[1], "0,1,0.75");
});

Deno.test("predictionsCsv() reads a single number as the probability of the second class", () => {
  const one = { prefix: "", width: 1, values: [0.25], classes: [] };
  assertEquals(predictionsCsv(1, [one]).split("\r\n")[1], "0,0,0.75");
});

Deno.test("predictionsCsv() writes numbers as they are, and several outputs beside each other", () => {
  const price = { prefix: "price_", width: 1, values: [3], classes: undefined };
  const place = { ...price, prefix: "place_", width: 2, values: [1, 2] };
  assertEquals(
    predictionsCsv(1, [price, place]),
    "sample,price_predicted,place_predicted_0,place_predicted_1\r\n0,3,1,2\r\n",
  );
});
