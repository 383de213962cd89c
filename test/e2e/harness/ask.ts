import { request } from "node:http";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One GET on a connection of its own, as `curl --resolve`: the name in `hostName` is not looked up. */
export const ask = (
  at: { readonly host: string; readonly port: number },
  path: string,
  hostName = at.host,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(
      { ...at, path, headers: { host: hostName }, agent: false, signal: AbortSignal.timeout(5_000) },
      (answer) => {
        let body = "";
        answer.setEncoding("utf8");
        answer.on("data", (text: string) => {
          body += text;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
        answer.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end();
  });
