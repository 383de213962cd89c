/**
 * The platform as its users have it, started once for all: each story is a chapter of its life, told in order. What a
 * story needs it makes in projects of its own; `restart` and `purge` come last.
 */
import { startTestPlatform, type TestPlatform } from "./harness/platform.ts";
import { applicationsStory } from "./stories/applications.ts";
import { buildsStory } from "./stories/builds.ts";
import { healingStory } from "./stories/healing.ts";
import { malformedStory } from "./stories/malformed.ts";
import { manifestsStory } from "./stories/manifests.ts";
import { plainClientStory } from "./stories/plain-client.ts";
import { purgeStory } from "./stories/purge.ts";
import { realPodsStory } from "./stories/real-pods.ts";
import { refusalsStory } from "./stories/refusals.ts";
import { restartStory } from "./stories/restart.ts";
import { startStory } from "./stories/start.ts";

const START_MS = 600_000;

let started: TestPlatform | undefined;
const platform = (): TestPlatform => {
  if (started === undefined) throw new Error("The platform did not start: see the first error.");
  return started;
};

beforeAll(async () => {
  started = await startTestPlatform();
}, START_MS);

afterAll(async () => {
  await started?.purge();
  started?.engine.close();
}, 120_000);

describe("the start", () => startStory(platform));
describe("healing", () => healingStory(platform));
describe("applications of others", () => applicationsStory(platform));
describe("manifests of others", () => manifestsStory(platform));
describe("pods of others", () => realPodsStory(platform));
describe("a client that is not ours", () => plainClientStory(platform));
describe("malformed manifests", () => malformedStory(platform));
describe("refusals", () => refusalsStory(platform));
describe("builds", () => buildsStory(platform));
describe("a restart", () => restartStory(platform));
describe("a purge", () => purgeStory(platform));
