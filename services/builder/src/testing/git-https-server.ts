import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";

/** Git over https with a certificate of its own making: `/open/…` for all, `/locked/…` with `joe` and `hunter22`. */
export interface GitHttpsServer {
  readonly url: string;
  /** The certificate, to be trusted. */
  readonly caFile: string;
  stop(): Promise<void>;
}

const LOGIN = `Basic ${Buffer.from("joe:hunter22").toString("base64")}`;

/** Serves the bare repositories of `root`. */
export const startGitHttpsServer = async (folder: string, root: string): Promise<GitHttpsServer> => {
  mkdirSync(folder, { recursive: true });
  const [keyFile, caFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", keyFile, "-out", caFile];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...subject, ...files], {
    stdio: "ignore",
  });
  const server = createServer({ key: readFileSync(keyFile), cert: readFileSync(caFile) }, (request, response) => {
    const url = new URL(request.url ?? "/", "https://127.0.0.1");
    const [, area, ...path] = url.pathname.split("/");
    if (area === "locked" && request.headers.authorization !== LOGIN) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    } else backend(root, `/${path.join("/")}`, url.search.slice(1), request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `https://127.0.0.1:${port}`,
    caFile,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};

/** Git's own CGI program: headers, an empty line, the body. */
const backend = (
  root: string,
  path: string,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
): void => {
  const cgi = spawn("git", ["http-backend"], {
    env: {
      PATH: "/usr/bin:/bin",
      HOME: root,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  request.pipe(cgi.stdin);
  const chunks: Buffer[] = [];
  cgi.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  cgi.stdout.on("end", () => {
    const all = Buffer.concat(chunks);
    const end = all.indexOf("\r\n\r\n");
    const headers = all
      .subarray(0, end)
      .toString()
      .split("\r\n")
      .map((line) => line.split(/: (.*)/s, 2) as [string, string]);
    const status = headers.find(([name]) => name.toLowerCase() === "status")?.[1] ?? "200";
    response.writeHead(Number.parseInt(status, 10), headers.filter(([name]) => name.toLowerCase() !== "status").flat());
    response.end(all.subarray(end + 4));
  });
};
