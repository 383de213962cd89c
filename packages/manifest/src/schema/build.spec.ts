import type { BuildConfigJson } from "@slipway/proto";
import { parseOne, problemsOf } from "../problems-of.ts";

const config = (spec: string): string =>
  `apiVersion: build.openshift.io/v1\nkind: BuildConfig\nmetadata: {name: web}\nspec: ${spec}\n`;
const GIT = "source: {git: {uri: 'https://example.com/web.git'}}";
const SOURCE = "strategy: {sourceStrategy: {from: {name: 'nodejs:24'}}}";
const read = (content: string): BuildConfigJson => parseOne(content).objects[0]?.object as BuildConfigJson;

describe("BuildConfig", () => {
  it("derives the types of source and strategy, and runs one build at a time", () => {
    expect(read(config(`{${GIT}, ${SOURCE}}`)).spec).toEqual({
      source: { type: "Git", git: { uri: "https://example.com/web.git" } },
      strategy: { type: "Source", sourceStrategy: { from: { kind: "ImageStreamTag", name: "nodejs:24" } } },
      runPolicy: "Serial",
    });
    const docker = read(config(`{source: {dockerfile: "FROM scratch"}, strategy: {type: Docker}}`)).spec;
    expect(docker?.source?.type).toBe("Dockerfile");
    expect(docker?.strategy).toEqual({ type: "Docker", dockerStrategy: {} });
  });

  it("lets what is given tell the type of the source, as OpenShift does", () => {
    const spec = read(config(`{source: {type: Git, dockerfile: "FROM scratch"}, strategy: {dockerStrategy: {}}}`)).spec;
    expect(spec?.source?.type).toBe("Dockerfile");
  });

  it.each([
    ["/", undefined],
    [".", undefined],
    ["./web/", "web"],
    ["/web/app", "web/app"],
  ])("reads the context folder %s as %s", (contextDir, expected) => {
    const spec = read(config(`{source: {contextDir: "${contextDir}", git: {uri: /srv/web.git}}, ${SOURCE}}`)).spec;
    expect(spec?.source?.contextDir).toBe(expected);
  });

  it.each([
    "https://example.com/web.git",
    "http://127.0.0.1:3000/web",
    "git://example.com/web.git",
    "ssh://git@example.com:2222/web.git",
    "git@example.com:team/web.git",
    "file:///srv/git/web.git",
    "/srv/git/web.git",
  ])("takes the repository %s", (uri) => {
    expect(problemsOf(config(`{source: {git: {uri: "${uri}"}}, ${SOURCE}}`))).toEqual([]);
  });

  it.each([
    "nonsense",
    "ext::sh -c id",
    "--upload-pack=id",
    "ftp://example.com/a",
    "https://",
    "https://a b/c",
    "fd::3",
  ])("refuses the repository %s", (uri) => {
    expect(problemsOf(config(`{source: {git: {uri: "${uri}"}}, ${SOURCE}}`))).toEqual([
      `spec.source.git.uri: Invalid value: ${JSON.stringify(uri)}: uri is not a valid url`,
    ]);
  });

  it.each([
    [
      `{${SOURCE}}`,
      ['spec.source: Invalid value: "": must provide a value for at least one source input (git or dockerfile)'],
    ],
    [`{source: {git: {}}, ${SOURCE}}`, ["spec.source.git.uri: Required value"]],
    [
      `{source: {contextDir: ../up, git: {uri: /a}}, ${SOURCE}}`,
      [`spec.source.contextDir: Invalid value: "../up": must not contain '..'`],
    ],
    [
      `{source: {git: {uri: /a, ref: --all}}, ${SOURCE}}`,
      ['spec.source.git.ref: Invalid value: "--all": must be a branch, a tag, a ref or a commit id'],
    ],
    [
      `{source: {type: Binary, binary: {}}, ${SOURCE}}`,
      [
        'spec.source.type: "Binary" is not supported yet; supported values: "Git", "Dockerfile"',
        "spec.source.binary: not supported yet",
      ],
    ],
    [`{${GIT}}`, ["spec.strategy: Required value: must specify `sourceStrategy` or `dockerStrategy`"]],
    [
      `{${GIT}, strategy: {type: foobar, dockerStrategy: {}}}`,
      ['spec.strategy.type: Unsupported value: "foobar": supported values: "Source", "Docker"'],
    ],
    [`{${GIT}, strategy: {sourceStrategy: {}}}`, ["spec.strategy.sourceStrategy.from: Required value"]],
    [
      `{${GIT}, strategy: {sourceStrategy: {from: {kind: Floppy, name: a}}}}`,
      [
        'spec.strategy.sourceStrategy.from.kind: Unsupported value: "Floppy": supported values: "ImageStreamTag", "ImageStreamImage", "DockerImage"',
      ],
    ],
    [`{${GIT}, strategy: {customStrategy: {}}}`, ["spec.strategy.customStrategy: not supported yet"]],
    [
      `{${GIT}, ${SOURCE}, output: {to: {kind: ImageStreamTag, name: web}}}`,
      ['spec.output.to.name: Invalid value: "web": ImageStreamTag object references must be in the form <name>:<tag>'],
    ],
    [`{${GIT}, ${SOURCE}, output: {to: {name: "web:v1"}}}`, ["spec.output.to.kind: Required value"]],
    [`{${GIT}, ${SOURCE}, postCommit: {script: npm test}}`, ["spec.postCommit: not supported yet"]],
    [`{${GIT}, ${SOURCE}, triggers: [{type: ConfigChange}]}`, ["spec.triggers: not supported yet"]],
    [
      `{${GIT}, ${SOURCE}, runPolicy: SerialLatestOnly}`,
      ['spec.runPolicy: "SerialLatestOnly" is not supported yet; supported values: "Serial", "Parallel"'],
    ],
    [
      `{${GIT}, ${SOURCE}, completionDeadlineSeconds: 0}`,
      ["spec.completionDeadlineSeconds: Invalid value: 0: must be greater than zero"],
    ],
    [
      `{${GIT}, strategy: {dockerStrategy: {dockerfilePath: /etc/passwd}}}`,
      ['spec.strategy.dockerStrategy.dockerfilePath: Invalid value: "/etc/passwd": must be a relative path'],
    ],
  ])("refuses %s", (spec, expected) => {
    const problems = problemsOf(config(spec));
    expect(problems).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(problems[index]).toContain(text);
  });

  it("takes the empty lists and maps of an exported object", () => {
    const spec = `{${GIT}, ${SOURCE}, triggers: [], postCommit: {}, output: {}, nodeSelector: null, serviceAccount: builder}`;
    expect(problemsOf(config(spec), "strict")).toEqual([]);
  });
});

describe("Build", () => {
  it("has the fields of its config, and what caused it", () => {
    const content = `apiVersion: v1\nkind: Build\nmetadata: {name: web-1}\nspec: {${GIT}, ${SOURCE}, triggeredBy: [{message: Manually triggered}], revision: {type: Git, git: {commit: abc}}}\n`;
    expect(parseOne(content).objects[0]?.object).toMatchObject({
      apiVersion: "build.openshift.io/v1",
      spec: { triggeredBy: [{ message: "Manually triggered" }], revision: { git: { commit: "abc" } } },
    });
  });
});
