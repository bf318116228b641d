import { Argument, Command } from 'commander'
import { runAction } from './run-action.ts'

/** @param program whose commands and options are completed */
export function completionCommand(program: Command): Command {
  return new Command('completion')
    .description('print a script that completes commands and options')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
    .addHelpText(
      'after',
      `
Examples:
  source <(owl completion bash)
  source <(owl completion zsh)`,
    )
    .action((shell: string) =>
      runAction(async () => {
        console.log(completionScript(program, shell))
      }),
    )
}

/** One case a command; what is no command or option is completed as a file name. zsh reads bash's form. */
export function completionScript(program: Command, shell: string): string {
  const cases = program.commands.flatMap((command) => [
    branch(command.name(), command),
    ...command.commands.map((nested) => branch(`${command.name()} ${nested.name()}`, nested)),
  ])
  const script = `_owl() {
  local word="\${COMP_WORDS[COMP_CWORD]}" path="\${COMP_WORDS[1]}" words
  [[ $COMP_CWORD -gt 2 && $path == @(${groups(program).join('|')}) ]] && path="$path \${COMP_WORDS[2]}"
  [[ $COMP_CWORD -eq 1 ]] && path=
  case "$path" in
    '') words=${quote(words(program))} ;;
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _owl owl`
  return shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\nsetopt KSH_GLOB\n${script}` : script
}

function branch(path: string, command: Command): string {
  return `    ${quote([path])}) words=${quote(words(command))} ;;`
}

function groups(program: Command): string[] {
  return program.commands.filter(({ commands }) => commands.length > 0).map((command) => command.name())
}

function words(command: Command): string[] {
  const names = command.commands.map((nested) => nested.name())
  return [...names, ...command.options.map(({ long }) => long).filter((long) => long !== undefined && long !== null)]
}

function quote(list: readonly string[]): string {
  return `'${list.join(' ')}'`
}
