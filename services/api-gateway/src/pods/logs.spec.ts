import { timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { LogLine } from "@slipway/bus";
import { SlipwayError } from "@slipway/kernel";
import type { LogChunk, PodCreatedJson } from "@slipway/proto";
import { type GatewayHarness, startGatewayHarness } from "../testing/gateway-harness.ts";
import { pod, project } from "../testing/objects.ts";
import { takeUntil } from "../testing/take.ts";

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z`;
const line = (text: string, second = 1): LogLine => ({ at: at(second), stream: "stdout", text });

let harness: GatewayHarness;
const agent = new AbortController();
let questions: unknown[] = [];
beforeEach(async () => {
  questions = [];
  harness = await startGatewayHarness();
  await harness.apply(project());
});
afterEach(() => harness.stop());
afterAll(() => agent.abort());

const uidOf = async (name: string) => {
  const [created] = await harness.log.readStream(`pod/demo/${name}`);
  return (created?.data as PodCreatedJson | undefined)?.pod?.metadata?.uid ?? "";
};
/** A pod on node n1 whose containers have begun. */
const running = async (name: string, containers = ["web"]) => {
  await harness.apply(pod(name, { containers: containers.map((of) => ({ name: of, image: "registry.local/a:1" })) }));
  const uid = await uidOf(name);
  await harness.append(`pod/demo/${name}`, { type: "PodScheduled", data: { uid, node: "n1" } });
  for (const container of containers) await begins(name, container);
};
const begins = async (name: string, container: string) => {
  const data = { uid: await uidOf(name), container, containerID: `${name}-${container}`, at: at(0) };
  await harness.append(`pod-status/demo/${name}`, { type: "ContainerStarted", data });
};
const serve = (answers: (question: { follow?: boolean }) => AsyncIterable<readonly LogLine[]>) =>
  harness.bus.requests.serve(
    "n1",
    "logs",
    async function* (question) {
      questions.push(question);
      for await (const lines of answers(question as { follow?: boolean })) yield { lines };
    },
    agent.signal,
  );
const texts = (chunks: readonly LogChunk[]) => chunks.flatMap(({ lines }) => lines.map(({ text }) => text));
const read = async (request: object) =>
  texts(await takeUntil(harness.pods.logs({ project: "demo", ...request }), () => false));

describe("the logs of a pod", () => {
  it("come from its node, with what the caller wants of them", async () => {
    await running("web");
    serve(async function* () {
      yield [line("one"), line("two", 2)];
      yield [line("three", 3)];
    });
    const chunks = await takeUntil(
      harness.pods.logs({ project: "demo", name: "web", tailLines: 3, sinceTime: timestampFromDate(new Date(at(1))) }),
      () => false,
    );
    expect(texts(chunks)).toEqual(["one", "two", "three"]);
    expect(chunks[0]).toMatchObject({ container: "web", lines: [{ stream: "stdout" }, {}] });
    const [first] = chunks[0]?.lines ?? [];
    expect(first?.at && timestampDate(first.at).toISOString()).toBe(at(1));
    expect(questions).toEqual([
      { uid: await uidOf("web"), container: "web", follow: false, previous: false, tail: 3, sinceTime: at(1) },
    ]);
  });

  it("need a container's name when the pod has several", async () => {
    await running("two", ["web", "side"]);
    serve(async function* () {
      yield [line("of the side")];
    });
    await expect(read({ name: "two" })).rejects.toMatchObject({
      code: "Invalid",
      message: expect.stringContaining("choose one of: [web side]"),
    });
    await expect(read({ name: "two", container: "other" })).rejects.toMatchObject({ code: "Invalid" });
    expect(await read({ name: "two", container: "side" })).toEqual(["of the side"]);
  });

  it("wait for a pod that is about to start when they are followed, and say why there are none when not", async () => {
    await harness.apply(pod("slow"));
    serve(async function* () {
      yield [line("at last")];
    });
    await expect(read({ name: "slow" })).rejects.toMatchObject({
      code: "FailedPrecondition",
      message: expect.stringContaining('container "web" in pod "slow" is waiting to start: the pod has no node yet'),
    });
    const following = read({ name: "slow", follow: true });
    // Calls of one connection are heard in their order.
    await harness.resources.status({});
    const uid = await uidOf("slow");
    await harness.append("pod/demo/slow", { type: "PodScheduled", data: { uid, node: "n1" } });
    const data = { uid, container: "web", reason: "ErrImagePull", message: "no", at: at(0) };
    await harness.append("pod-status/demo/slow", { type: "ContainerWaiting", data });
    await expect(read({ name: "slow" })).rejects.toMatchObject({ message: expect.stringContaining("ErrImagePull") });
    expect(questions).toEqual([]);
    await begins("slow", "web");
    expect(await following).toEqual(["at last"]);
  });

  it("end for a follower when the pod goes before it has started", async () => {
    await harness.apply(pod("never"));
    const following = read({ name: "never", follow: true });
    await harness.resources.delete({ keys: [{ kind: "Pod", project: "demo", name: "never" }] });
    expect(await following).toEqual([]);
  });

  it("are followed until the caller goes, and the node hears of that", async () => {
    await running("web");
    const ended = Promise.withResolvers<void>();
    harness.bus.requests.serve(
      "n1",
      "logs",
      async function* (_question, signal) {
        yield { lines: [line("tick")] };
        signal.addEventListener("abort", () => ended.resolve(), { once: true });
        await ended.promise;
      },
      agent.signal,
    );
    const logs = harness.pods.logs({ project: "demo", name: "web", follow: true });
    expect(texts(await takeUntil(logs, (chunks) => chunks.length > 0))).toEqual(["tick"]);
    await ended.promise;
  });

  it("are the kept ones when the pod is gone or its node does not answer", async () => {
    await running("web");
    const key = { project: "demo", kind: "pod", name: "web", container: "web" };
    await harness.bus.logs.publish({ ...key, run: "r1" }, [line("first run"), line("its end", 2)]);
    await harness.bus.logs.publish({ ...key, run: "r2" }, [line("second run", 3), line("still", 4)]);
    expect(await read({ name: "web" })).toEqual(["first run", "its end", "second run", "still"]);
    expect(await read({ name: "web", tailLines: 1 })).toEqual(["still"]);
    expect(await read({ name: "web", previous: true })).toEqual(["first run", "its end"]);
    expect(await read({ name: "web", previous: true, tailLines: 1 })).toEqual(["its end"]);
    await harness.append("pod/demo/web", { type: "PodDeleted", data: { uid: await uidOf("web"), reason: "Deleted" } });
    expect(await read({ name: "web", sinceTime: timestampFromDate(new Date(at(4))) })).toEqual(["still"]);
    expect(await read({ name: "web", follow: true })).toHaveLength(4);
  });

  it("of a pod that never was are not there, and odd wishes are refused", async () => {
    await expect(read({ name: "ghost" })).rejects.toMatchObject({ code: "NotFound" });
    await running("web");
    await expect(read({ name: "web", tailLines: -1 })).rejects.toMatchObject({ code: "Invalid" });
    await expect(read({ name: "web", sinceSeconds: 0 })).rejects.toMatchObject({ code: "Invalid" });
    await expect(read({ name: "web", previous: true })).rejects.toMatchObject({ code: "NotFound" });
  });

  it("carry what the node says when it refuses", async () => {
    await running("web");
    serve(async function* () {
      yield* [];
      throw new SlipwayError("NotFound", "There is no previous run of this container.");
    });
    await expect(read({ name: "web", previous: true })).rejects.toMatchObject({
      code: "NotFound",
      message: "There is no previous run of this container.",
    });
  });
});
