import type { Command } from "commander";
import { UsageError } from "../usage-error.ts";

const KINDS = [
  "pods",
  "services",
  "replicationcontrollers",
  "routes",
  "buildconfigs",
  "builds",
  "imagestreams",
  "nodes",
  "projects",
  "endpoints",
  "all",
];

/** The words of the command line, as the program itself declares them. */
const wordsOf = (program: Command): { commands: string[]; flags: string[] } => ({
  commands: program.commands.map((command) => command.name()).filter((name) => name !== "help"),
  flags: [...new Set(program.commands.flatMap((command) => command.options.map(({ long }) => long ?? "")))]
    .filter(Boolean)
    .sort(),
});

/** A script that teaches a shell to complete commands, kinds and flags. */
export const completionScript = (program: Command, shell: string): string => {
  const { commands, flags } = wordsOf(program);
  switch (shell) {
    case "bash":
      return `_slipway() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" = 1 ]; then COMPREPLY=($(compgen -W "${commands.join(" ")}" -- "$word"))
  elif [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "${flags.join(" ")}" -- "$word"))
  else COMPREPLY=($(compgen -W "${KINDS.join(" ")}" -- "$word")); fi
}
complete -o default -F _slipway slipway
`;
    case "zsh":
      return `#compdef slipway
_slipway() {
  if (( CURRENT == 2 )); then compadd ${commands.join(" ")}
  elif [[ "$words[CURRENT]" == -* ]]; then compadd -- ${flags.join(" ")}
  else compadd ${KINDS.join(" ")}; fi
}
compdef _slipway slipway
`;
    case "fish":
      return [
        `complete -c slipway -n __fish_use_subcommand -f -a "${commands.join(" ")}"`,
        `complete -c slipway -n "not __fish_use_subcommand" -f -a "${KINDS.join(" ")}"`,
        ...flags.map((flag) => `complete -c slipway -l ${flag.slice(2)}`),
        "",
      ].join("\n");
    default:
      throw new UsageError(`There is no completion for "${shell}": use bash, zsh or fish.`);
  }
};
