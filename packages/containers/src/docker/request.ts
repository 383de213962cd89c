import type { IncomingMessage } from "node:http";
import type { Duplex, Readable } from "node:stream";
import { addAbortSignal } from "node:stream";
import type Docker from "dockerode";

interface StreamRequest {
  readonly method: "GET" | "POST" | "PUT";
  /** Without the query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly signal?: AbortSignal | undefined;
}

/** An answer as JSON, for the calls whose types in the library know no abort signal. */
export const requestJson = <T>(docker: Docker, request: StreamRequest): Promise<T> =>
  dial<T>(docker, { ...request, isStream: false });

/** The library buffers some answers that can be endless or large; this asks for any answer as a stream. */
export const requestStream = (docker: Docker, request: StreamRequest): Promise<IncomingMessage> =>
  dial<IncomingMessage>(docker, { ...request, isStream: true });

/** Sends `body` as the request's tar and answers the response as a stream; a body that nobody reads on is destroyed. */
export const uploadStream = async (
  docker: Docker,
  request: StreamRequest & { readonly body: Readable | Buffer; readonly headers?: Readonly<Record<string, string>> },
): Promise<IncomingMessage> => {
  const { body, ...rest } = request;
  try {
    return await dial<IncomingMessage>(docker, { ...rest, isStream: true, file: body });
  } catch (error) {
    if (!Buffer.isBuffer(body)) body.destroy();
    throw error;
  }
};

/**
 * Turns the connection into a raw two-way stream (attach). The empty buffer makes a request with a length of 0: left to
 * itself the library sends chunks, which would be taken for the process's input, or waits with its headers for ever.
 */
export const requestHijack = async (docker: Docker, request: StreamRequest): Promise<Duplex> => {
  const socket = await dial<Duplex>(docker, {
    ...request,
    isStream: true,
    hijack: true,
    file: Buffer.alloc(0),
    headers: { "Content-Type": "text/plain" },
  });
  return request.signal === undefined ? socket : addAbortSignal(request.signal, socket);
};

/** Every 2xx is an answer, and 101 is a hijacked connection. */
const OK_STATUSES: Record<number, string | boolean> = { 101: true, 200: true, 201: true, 204: true };

const dial = <T>(
  docker: Docker,
  request: StreamRequest & {
    readonly isStream: boolean;
    readonly file?: Readable | Buffer;
    readonly hijack?: true;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<T> => {
  const { query, signal, path, ...rest } = request;
  return new Promise<T>((resolve, reject) => {
    docker.modem.dial(
      {
        ...rest,
        // The library writes the query itself, where the path ends in a question mark.
        path: `${path}?`,
        options: { _query: query ?? {}, _body: {} },
        statusCodes: OK_STATUSES,
        ...(signal === undefined ? {} : { abortSignal: signal }),
      },
      (error: unknown, result: unknown) => (error ? reject(error) : resolve(result as T)),
    );
  });
};
