import { Specimen } from "../../gen/slipway/specimen/v1/specimen_pb.js";
import type { CallLogger } from "../call-context.ts";
import { type Channel, createChannel } from "../channel.ts";
import { type ClientOptions, createClient, type ServiceClient } from "../client.ts";
import { createServer, type RpcServer, type ServerOptions } from "../server.ts";
import { bindHandlers, type ServiceImpl } from "../service-impl.ts";
import { hashToken, tokenAuthenticator } from "../token.ts";

export type SpecimenImpl = ServiceImpl<typeof Specimen>;
export const TOKEN = "slipway_specimen";

export interface LoggedLine {
  readonly level: "debug" | "warn" | "error";
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

/** A logger that keeps its lines. */
export const keepingLogger = (lines: LoggedLine[], bound: Record<string, unknown> = {}): CallLogger => {
  const write = (level: LoggedLine["level"]) => (fields: object, message: string) =>
    void lines.push({ level, message, fields: { ...bound, ...fields } });
  return {
    child: (fields) => keepingLogger(lines, { ...bound, ...fields }),
    debug: write("debug"),
    warn: write("warn"),
    error: write("error"),
  };
};

/** The plainest handlers; a spec replaces those that it is about. */
const plainImpl: SpecimenImpl = {
  echo: async ({ text }) => ({ text }),
  peek: async ({ text }) => ({ text }),
  count: async function* ({ count, filling }) {
    for (let i = 0; i < count; i++) yield { text: `${i}${".".repeat(filling)}` };
  },
  join: async (requests) => {
    let text = "";
    for await (const request of requests) text += request.text;
    return { text };
  },
  chat: async function* (requests) {
    for await (const { text } of requests) yield { text };
  },
};

export interface SpecimenServer extends AsyncDisposable {
  readonly server: RpcServer;
  readonly channel: Channel;
  readonly client: ServiceClient<typeof Specimen>;
  readonly lines: LoggedLine[];
  clientWith(options: ClientOptions): ServiceClient<typeof Specimen>;
}

/** A server on a free port and a client of it; both end with the `await using` that holds them. */
export const startSpecimen = async (
  impl: Partial<SpecimenImpl> = {},
  options: Partial<ServerOptions> = {},
): Promise<SpecimenServer> => {
  const lines: LoggedLine[] = [];
  const server = createServer({
    address: "127.0.0.1:0",
    services: [bindHandlers(Specimen, { ...plainImpl, ...impl })],
    authenticate: tokenAuthenticator([{ actor: "user:owner", sha256: hashToken(TOKEN) }]),
    logger: keepingLogger(lines),
    ...options,
  });
  await server.start();
  const channel = createChannel(server.address());
  const clientWith = (clientOptions: ClientOptions) => createClient(Specimen, channel, clientOptions);
  return {
    server,
    channel,
    lines,
    client: clientWith({ token: TOKEN }),
    clientWith,
    [Symbol.asyncDispose]: async () => {
      channel.close();
      await server.stop(200);
    },
  };
};

/** All that a stream gives. */
export const textsOf = async (stream: AsyncIterable<{ readonly text: string }>): Promise<string[]> => {
  const texts: string[] = [];
  for await (const { text } of stream) texts.push(text);
  return texts;
};
