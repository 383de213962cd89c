import { Command, InvalidArgumentError } from "commander";
import { apply } from "./commands/apply.ts";
import { completionScript } from "./commands/completion.ts";
import type { CommandContext } from "./commands/context.ts";
import { remove } from "./commands/delete.ts";
import { describe } from "./commands/describe.ts";
import { parseSeconds } from "./commands/durations.ts";
import { events, history } from "./commands/events.ts";
import { explain } from "./commands/explain.ts";
import { get } from "./commands/get.ts";
import { login, whoami } from "./commands/login.ts";
import { logs } from "./commands/logs.ts";
import { newApp } from "./commands/new-app.ts";
import { createProject, deleteProject, listProjects, project } from "./commands/project.ts";
import { scale } from "./commands/scale.ts";
import { cancelBuild, startBuild } from "./commands/start-build.ts";
import { status } from "./commands/status.ts";

export const VERSION = "0.1.0";

/** A whole number from the command line. */
const number =
  (min: number) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min) return value;
    throw new InvalidArgumentError(`It takes a whole number from ${min} on.`);
  };

const many = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];

/** The tree of commands. Nothing runs, and nothing ends the process, by itself. */
export const createProgram = (context: CommandContext): Command => {
  const program = new Command("slipway")
    .description("From source to pods on your own machines, with the whole history of everything.")
    .version(VERSION, "-V, --version", "print the version")
    .showHelpAfterError("(run with --help for what there is)")
    .exitOverride()
    // Where to write help and complaints; both inherit it to every command.
    .configureOutput({ writeOut: context.terminal.out, writeErr: context.terminal.err });
  const everywhere = (each: Command): Command =>
    each
      .option("--home <folder>", "where Slipway keeps its state (default ~/.slipway, or SLIPWAY_HOME)")
      .option("-n, --project <name>", "work in this project");
  everywhere(program);
  // They may stand before the command as well as after it.
  program.hook("preAction", (_program, action) => {
    for (let above = action.parent; above !== null; above = above.parent) {
      const { home, project: named } = above.opts<{ home?: string; project?: string }>();
      if (action.getOptionValue("home") === undefined) action.setOptionValue("home", home);
      if (action.getOptionValue("project") === undefined) action.setOptionValue("project", named);
    }
  });

  const command = (usage: string, text: string): Command =>
    everywhere(program.command(usage).description(text)).exitOverride();

  const output = ["-o, --output <format>", "json, yaml, name or wide"] as const;
  const files = (each: Command): Command =>
    each
      .option("-f, --filename <path>", "a file, a folder, or - for standard input; may be given more than once", many)
      .option("-R, --recursive", "look into folders below, too");

  command("up", "start the platform on this machine and run the sample application")
    .option("--detach", "return once the sample answers; the platform goes on")
    .option("--no-sample", "do not build the sample application")
    .option("--instance <name>", "tells several platforms on one machine apart")
    .option("--port-base <port>", "first of a row of eight ports", number(1))
    .option("--edge-port <port>", "where routes answer (default 8080)", number(1))
    .option("--edge-host <address>", "the address that routes answer on (default 127.0.0.1)")
    .option("--docker-socket <path>", "the engine's socket")
    .option("--pod-cidr <range>", "addresses of pods")
    .option("--service-cidr <range>", "addresses of services")
    .option("--image-mirror <registry>", "a registry that may have the platform's images ready")
    // Starting a platform needs far more code than asking one; nobody else waits for it to load.
    .action(async (options) => (await import("./commands/up.ts")).up(context, options));
  command("down", "stop the platform on this machine")
    .option("--purge", "remove every trace: containers, networks, addresses, images, state")
    .option("--keep-images", "with --purge: leave the platform's images for others on this engine")
    .action(async (options) => (await import("./commands/down.ts")).down(context, options));
  command("status", "show the health of every part").action((options) => status(context, options));

  command("get [names...]", "list objects, or show one: get pods, get pod/web-1, get all")
    .option(...output)
    .option("-l, --selector <labels>", "only those with these labels")
    .option("-A, --all-projects", "of all projects")
    .option("-w, --watch", "go on with every change")
    .action((names, options) => get(context, names, options));
  command("describe [names...]", "show an object in full, with what happened to it").action((names, options) =>
    describe(context, names, options),
  );
  command("explain [names...]", "say why a pod runs where it runs, or nowhere").action((names, options) =>
    explain(context, names, options),
  );
  files(command("apply", "create or change the objects of manifests: all of them, or none"))
    .option("--validate <mode>", "strict, warn (default) or ignore")
    .option("--dry-run", "check everything, store nothing")
    .option(...output)
    .action((options) => apply(context, options));
  files(command("create", "create the objects of manifests; one that exists is refused"))
    .option("--validate <mode>", "strict, warn (default) or ignore")
    .option("--dry-run", "check everything, store nothing")
    .option(...output)
    .action((options) => apply(context, { ...options, createOnly: true }));
  files(command("delete [names...]", "delete objects, and what they own"))
    .option("-l, --selector <labels>", "those with these labels")
    .option("--all", "all of the kind")
    .option("--orphan", "leave what they own running")
    .option("--grace-period <seconds>", "time that pods get to end", number(0))
    .option("--ignore-not-found", "an object that is not there is no error")
    .action((names, options) => remove(context, names, options));
  command("scale [names...]", "set the number of pods of a replication controller")
    .option("--replicas <n>", "how many", number(0))
    .option("--current-replicas <n>", "only if it is this many now", number(0))
    .action((names, options) => scale(context, names, options));

  command("logs <target>", "show what a pod, build/x, bc/x or rc/x writes")
    .option("-f, --follow", "go on with what comes")
    .option("--tail <lines>", "only the last lines", number(0))
    .option("--since <duration>", "only what is younger: 30s, 5m, 2h", parseSeconds)
    .option("-p, --previous", "of the run before")
    .option("-c, --container <name>", "of this container")
    .option("--timestamps", "with the moment of each line")
    .action((target, options) => logs(context, target, options));
  command("events", "show the event log")
    .option("-f, --follow", "go on with what comes")
    .option("--from <position>", "from this position on", number(1))
    .option("--kind <kind>", "only of these kinds: pod, build, …", many)
    .option("--type <type>", "only these types: PodScheduled, …", many)
    .option("-o, --output <format>", "json: one event a line")
    .action((options) => events(context, options));
  command("history <object> [name]", "show everything that ever happened to one object")
    .option("--limit <n>", "only the last", number(1))
    .option("-o, --output <format>", "json: one event a line")
    .action((object, name, options) => history(context, object, name, options));

  command("new-app <repository>", "build an application from its repository, run it and wait until it answers")
    .option("--name <name>", "its name (default: the repository's)")
    .option("--strategy <strategy>", "source or docker (default: by its files)")
    .option("--builder <image>", "the builder image (default: by its files)")
    .option("--context-dir <folder>", "the folder within the repository")
    .option("--ref <ref>", "branch, tag or commit")
    .option("--port <port>", "where it listens (default 8080)", number(1))
    .option("--replicas <n>", "how many pods (default 1)", number(1))
    .option("--route-host <host>", "its host name (default: made from its name)")
    .option("--edge <address>", "host:port where routes answer")
    .option("--timeout <duration>", "how long pods and route may take after the build (default 5m)", parseSeconds)
    .option("-e, --env <pair>", "NAME=value; may be given more than once", many)
    .action((repository, options) => newApp(context, repository, options));
  command("start-build <config>", "start a build")
    .option("-F, --follow", "show its log, and end as it ends")
    .option("--wait", "wait for its end")
    .option("--commit <id>", "build this commit")
    .option("-e, --env <pair>", "NAME=value; may be given more than once", many)
    .action((config, options) => startBuild(context, config, options));
  command("cancel-build <build>", "end a build").action((build, options) => cancelBuild(context, build, options));

  const projects = command("project [name]", "show the current project, or make another one current").action(
    (name, options) => project(context, name, options),
  );
  const sub = (usage: string, text: string): Command =>
    projects.command(usage).description(text).option("--home <folder>", "where Slipway keeps its state").exitOverride();
  sub("create <name>", "make a project")
    .option("--display-name <text>", "its name for people")
    .option("--description <text>", "what it is for")
    .action((name, options) => createProject(context, name, options));
  sub("list", "list all projects").action((options) => listProjects(context, options));
  sub("delete <name>", "delete a project with all that is in it")
    .option("--wait", "wait until it is gone")
    .action((name, options) => deleteProject(context, name, options));

  command("login <server>", "remember a server and a token")
    .option("--token <token>", "the token")
    .option("--token-file <path>", "a file that holds it")
    .action((server, options) => login(context, server, options));
  command("whoami", "show who you are, and where").action((options) => whoami(context, options));
  command("version", "print the version").action(() => context.terminal.out(`slipway ${VERSION}\n`));
  command("completion <shell>", "print a completion script for bash, zsh or fish").action((shell) =>
    context.terminal.out(completionScript(program, shell)),
  );
  return program;
};
