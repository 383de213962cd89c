import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer as createSocketServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Specimen } from "../gen/slipway/specimen/v1/specimen_pb.js";
import { createChannel } from "./channel.ts";
import { createClient } from "./client.ts";
import { writeDeadSocket } from "./testing/dead-socket.ts";
import { startSpecimen, TOKEN } from "./testing/specimen-server.ts";

describe("a server on a Unix socket", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-rpc-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("answers there, for the socket's owner alone", async () => {
    const address = `unix:${join(folder, "api.sock")}`;
    await using specimen = await startSpecimen({ echo: async (_, { peer }) => ({ text: peer }) }, { address });
    expect(specimen.server.address()).toBe(address);
    expect(statSync(join(folder, "api.sock")).mode & 0o777).toBe(0o600);
    expect(typeof (await specimen.client.echo({})).text).toBe("string");
  });

  it("takes over a socket that a dead process left, and not one that answers", async () => {
    const path = join(folder, "api.sock");
    const address = `unix:${path}`;
    const dead = createSocketServer();
    await new Promise<void>((resolve) => dead.listen(path, resolve));
    await expect(startSpecimen({}, { address })).rejects.toMatchObject({ code: "PortTaken" });
    await new Promise((resolve) => dead.close(resolve));
    await writeDeadSocket(path);
    expect(existsSync(path)).toBe(true);
    await using specimen = await startSpecimen({}, { address });
    expect((await specimen.client.echo({ text: "mine" })).text).toBe("mine");
  });
});

describe("a server on a port", () => {
  it("says which port is taken", async () => {
    await using specimen = await startSpecimen();
    const address = specimen.server.address();
    await expect(startSpecimen({}, { address })).rejects.toMatchObject({
      code: "PortTaken",
      message: expect.stringContaining(address),
    });
  });

  it("says so when the address is not this machine's", async () => {
    await expect(startSpecimen({}, { address: "192.0.2.1:0" })).rejects.toMatchObject({
      code: "StartFailed",
    });
  });
});

describe("a channel", () => {
  it("fails fast when nobody listens, and says what to check", async () => {
    const channel = createChannel("127.0.0.1:1");
    const client = createClient(Specimen, channel, { token: TOKEN });
    await expect(client.echo({})).rejects.toMatchObject({
      code: "ServerUnavailable",
      message: expect.stringContaining("check that it runs"),
    });
    await expect(channel.waitForReady(50)).rejects.toMatchObject({ code: "ServerUnavailable" });
    channel.close();
  });

  it("finds a server again that came back, and a call that only reads waits for it", async () => {
    const first = await startSpecimen();
    const address = first.server.address();
    const channel = createChannel(address);
    const client = createClient(Specimen, channel, { token: TOKEN });
    await channel.waitForReady(5_000);
    await first[Symbol.asyncDispose]();
    await expect(client.echo({})).rejects.toMatchObject({ code: "ServerUnavailable" });
    const peeking = client.peek({ text: "again" });
    await using _second = await startSpecimen({}, { address });
    expect((await peeking).text).toBe("again");
    channel.close();
  });
});
