/** A platform whose parts are killed one after another, with an application and the API in use all the while. */
import { startTestPlatform, type TestPlatform } from "./harness/platform.ts";
import { sabotageStory } from "./stories/sabotage.ts";

let started: TestPlatform | undefined;
const platform = (): TestPlatform => {
  if (started === undefined) throw new Error("The platform did not start: see the first error.");
  return started;
};

beforeAll(async () => {
  started = await startTestPlatform();
}, 600_000);

afterAll(async () => {
  await started?.purge();
  started?.engine.close();
}, 120_000);

describe("sabotage", () => sabotageStory(platform));
