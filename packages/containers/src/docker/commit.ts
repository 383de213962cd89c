import type Docker from "dockerode";
import type { CommitOptions } from "../container.ts";
import { toEnvList } from "./container-config.ts";
import { guarded } from "./errors.ts";

/** Makes an image of a container. The engine adds the configuration here to the container's; it stops for the moment. */
export const commit = (docker: Docker, id: string, options: CommitOptions): Promise<string> =>
  guarded({ kind: "container", name: id }, options.signal, async () => {
    const { labels, env, command, args, user, workingDir } = options;
    const config = {
      ...(labels === undefined ? {} : { Labels: labels }),
      ...(env === undefined ? {} : { Env: toEnvList(env) }),
      ...(command === undefined ? {} : { Entrypoint: command }),
      ...(args === undefined ? {} : { Cmd: args }),
      ...(user === undefined ? {} : { User: user }),
      ...(workingDir === undefined ? {} : { WorkingDir: workingDir }),
    };
    const query = {
      container: id,
      repo: options.repo,
      ...(options.tag === undefined ? {} : { tag: options.tag }),
      ...(options.comment === undefined ? {} : { comment: options.comment }),
      ...(options.author === undefined ? {} : { author: options.author }),
    };
    const answer = (await docker.getContainer(id).commit({
      _query: query,
      _body: config,
      ...(options.signal === undefined ? {} : { abortSignal: options.signal }),
    })) as { Id: string };
    return answer.Id;
  });
