import { type DescService, type JsonValue, toJson } from "@bufbuild/protobuf";
import { SlipwayError } from "@slipway/kernel";
import { Builds, Events, Pods, Resources } from "@slipway/proto";
import {
  bindHandlers,
  type CallLogger,
  createServer,
  hashToken,
  type ServiceImpl,
  tokenAuthenticator,
} from "@slipway/rpc";

/** The methods that a test expects to be called, by service. */
export interface FakeHandlers {
  readonly resources?: Partial<ServiceImpl<typeof Resources>>;
  readonly pods?: Partial<ServiceImpl<typeof Pods>>;
  readonly builds?: Partial<ServiceImpl<typeof Builds>>;
  readonly events?: Partial<ServiceImpl<typeof Events>>;
}

/** A server of the API on loopback that answers as it is told. */
export interface FakeApi {
  readonly server: string;
  readonly token: string;
  /** What was asked, as JSON, in order: `["resources.get", {…}]`. */
  readonly calls: readonly (readonly [string, JsonValue])[];
  stop(): Promise<void>;
}

const TOKEN = "slipway_fake";

const silent: CallLogger = { child: () => silent, debug: () => {}, warn: () => {}, error: () => {} };

export const startFakeApi = async (handlers: FakeHandlers = {}): Promise<FakeApi> => {
  const calls: [string, JsonValue][] = [];
  const bind = <Desc extends DescService>(name: keyof FakeHandlers, desc: Desc) => {
    const given = (handlers[name] ?? {}) as Record<string, (...args: unknown[]) => unknown>;
    const all = desc.methods.map((method) => [
      method.localName,
      (request: Parameters<typeof toJson>[1], call: unknown) => {
        const handler = given[method.localName];
        if (handler === undefined)
          throw new SlipwayError("FailedPrecondition", `${name}.${method.localName} was not expected.`);
        calls.push([`${name}.${method.localName}`, toJson(method.input, request)]);
        return handler(request, call);
      },
    ]);
    return bindHandlers(desc, Object.fromEntries(all) as ServiceImpl<Desc>);
  };
  const server = createServer({
    address: "127.0.0.1:0",
    services: [bind("resources", Resources), bind("pods", Pods), bind("builds", Builds), bind("events", Events)],
    authenticate: tokenAuthenticator([{ actor: "user:owner", sha256: hashToken(TOKEN) }]),
    logger: silent,
  });
  await server.start();
  return { server: server.address(), token: TOKEN, calls, stop: () => server.stop(1_000) };
};
