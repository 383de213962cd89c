import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  status,
} from "@grpc/grpc-js";
import { newId, SlipwayError } from "@slipway/kernel";
import type { CallLogger, Principal } from "./call-context.ts";
import type { OpenStreams } from "./open-streams.ts";
import { type Authenticate, bearerToken } from "./token.ts";
import { tooLargeSentence, toWireError, wireErrorOf } from "./wire-error.ts";

/** What is known of a call before its handler runs. */
export interface CallIdentity {
  readonly principal: Principal;
  readonly requestId: string;
}

export interface GuardOptions {
  readonly authenticate: Authenticate;
  /** Methods that answer without a token, by their path's beginning: `/grpc.health.v1.Health/`. */
  readonly openPaths: readonly string[];
  /** The paths of our own handlers, which end their streams themselves at a stop; the guard ends all others. */
  readonly ownPaths: ReadonlySet<string>;
  readonly streams: OpenStreams;
  readonly logger: CallLogger;
}

export interface Guard {
  readonly interceptor: ServerInterceptor;
  /** Who makes the call that carries this metadata; `undefined` for a call that the guard did not let in. */
  identityOf(metadata: Metadata): CallIdentity | undefined;
}

/**
 * Stands before every method of a server, the library's own ones (reflection) included: no request is read before its
 * caller is known. Also gives each call its id and says in our words what the library refuses by itself.
 */
export const createGuard = (options: GuardOptions): Guard => {
  const identities = new WeakMap<Metadata, CallIdentity>();

  const interceptor: ServerInterceptor = (method, call) => {
    const { path } = method;
    let requestId = newId();
    const endsByItself = options.ownPaths.has(path) || !(method.requestStream || method.responseStream);
    const forget = endsByItself
      ? () => {}
      : options.streams.add(() => call.sendStatus(wireErrorOf(serverStops(), requestId)));

    // The library refuses some calls by itself, through this method of the innermost call; wrapping it is the only
    // way to say such things in our words.
    const sendStatus = call.sendStatus.bind(call);
    call.sendStatus = (given) => {
      forget();
      sendStatus(inOurWords(given, requestId));
    };

    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onCancel: forget,
          onReceiveMetadata: (metadata, pass) => {
            requestId = requestIdOf(metadata) ?? requestId;
            if (options.openPaths.some((open) => path.startsWith(open))) {
              pass(metadata);
              return;
            }
            identify(metadata, path.slice(1)).then(
              (principal) => {
                identities.set(metadata, { principal, requestId });
                pass(metadata);
              },
              (error: unknown) =>
                call.sendStatus(
                  toWireError(error, requestId, options.logger.child({ requestId, method: path.slice(1) })),
                ),
            );
          },
        }),
    });
  };

  const identify = async (metadata: Metadata, method: string): Promise<Principal> =>
    options.authenticate(bearerToken(textOf(metadata, "authorization")), method);

  return { interceptor, identityOf: (metadata) => identities.get(metadata) };
};

/** Why a stream ends when its server stops: the client may try again, elsewhere or later. */
export const serverStops = (): SlipwayError =>
  new SlipwayError("ServerUnavailable", "The server is stopping: connect again in a moment.", { retryAfterMs: 1_000 });

type SentStatus = Parameters<ServerInterceptingCallInterface["sendStatus"]>[0];

const inOurWords = (given: SentStatus, requestId: string): SentStatus => {
  const sentence = given.code === status.RESOURCE_EXHAUSTED ? tooLargeSentence("request", given.details) : undefined;
  return sentence === undefined ? given : wireErrorOf(new SlipwayError("TooLarge", sentence), requestId);
};

/** The client's own id for the call, when it is one that may stand in a log. */
const requestIdOf = (metadata: Metadata): string | undefined =>
  /^[\w.:-]{1,64}$/.exec(textOf(metadata, "x-request-id") ?? "")?.[0];

const textOf = (metadata: Metadata, name: string): string | undefined => {
  const [value] = metadata.get(name);
  return typeof value === "string" ? value : undefined;
};
