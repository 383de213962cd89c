import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fromJson } from "@bufbuild/protobuf";
import { ResourceSchema } from "@slipway/proto";
import { openSession } from "../client/session.ts";
import { type FakeApi, startFakeApi } from "../testing/fake-api.ts";
import { untilRouteAnswers } from "./until-route-answers.ts";

const route = fromJson(ResourceSchema, {
  route: { kind: "Route", metadata: { name: "web" }, spec: { host: "web.test" } },
});

let api: FakeApi;
let edge: Server;
let statuses: number[] = [];

beforeEach(async () => {
  api = await startFakeApi({ resources: { get: async () => ({ resource: route }) } });
  edge = createServer((request, answer) => {
    // Anybody else's route is not there.
    answer.statusCode = request.headers.host === "web.test" ? (statuses.shift() ?? 503) : 404;
    answer.end();
  });
  await new Promise<void>((resolve) => edge.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  await new Promise((resolve) => edge.close(resolve));
  await api.stop();
});

const waitFor = async (timeoutMs?: number, address = `127.0.0.1:${(edge.address() as AddressInfo).port}`) => {
  const session = openSession({ server: api.server, token: api.token, project: "demo" });
  const terminal = { out: () => {}, err: () => {}, live: false, colour: false, errColour: false, width: 80 };
  const context = {
    terminal,
    env: { SLIPWAY_HOME: "/nonexistent" },
    now: Date.now,
    signal: new AbortController().signal,
    stdin: async () => "",
  };
  const options = { edge: address, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  return untilRouteAnswers(context, session, "web", options).finally(() => session.close());
};

describe("waiting for a route", () => {
  it("ends with the URL once something else than the edge itself answers", async () => {
    statuses = [503, 503, 404];
    const { port } = edge.address() as AddressInfo;
    expect(await waitFor()).toEqual({
      url: `http://web.test:${port}/`,
      host: "web.test",
      edge: { host: "127.0.0.1", port },
    });
    expect(statuses).toEqual([]);
  });

  it("says what to look at when nothing answers in time", async () => {
    statuses = [];
    await expect(waitFor(150)).rejects.toMatchObject({
      code: "DeadlineExceeded",
      message: expect.stringMatching(
        /^The route web\.test does not answer at 127\.0\.0\.1:\d+: look at `slipway describe/,
      ),
    });
    await expect(waitFor(150, "127.0.0.1:1")).rejects.toMatchObject({ code: "DeadlineExceeded" });
  });
});
