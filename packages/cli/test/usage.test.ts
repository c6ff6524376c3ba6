import { describe, expect, it } from 'vitest';

import { kindred, shell } from './support/kindred.js';

const COMMANDS = ['check', 'train', 'evaluate', 'predict', 'gallery', 'schema', 'plugins', 'engines', 'doctor'];

describe('help', () => {
  it('lists all commands, exit codes and examples', async () => {
    const { exit, stdout, stderr } = await kindred(['--help']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    expect(stdout).toMatch(/^Exit codes:$/m);
  });

  it.each(COMMANDS)('of %s has an example and the global options', async (command) => {
    const { exit, stdout, stderr } = await kindred([command, '--help']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`\\$ .*kindred ${command}`));
    expect(stdout).toContain('--verbose');
  });

  it('ends quietly where nobody reads it', async () => {
    expect(await shell('kindred --help | true; exit ${PIPESTATUS[0]}')).toEqual({ exit: 0, stdout: '', stderr: '' });
  });
});

it('--version prints the version alone', async () => {
  expect(await kindred(['--version'])).toEqual({ exit: 0, stdout: '0.1.0\n', stderr: '' });
});

describe('wrong usage exits with 2, says so on standard error, and how it is right', () => {
  it.each([
    {
      args: ['trian'],
      stderr: "error unknown command 'trian'\n(Did you mean train?)\nRun `kindred --help` to see how it is called.\n",
    },
    {
      args: ['train'],
      stderr: "error missing required argument 'manifest'\nRun `kindred train --help` to see how it is called.\n",
    },
    {
      args: ['train', 'a.json', 'b.json'],
      stderr:
        "error too many arguments for 'train'. Expected 1 argument but got 2.\nRun `kindred train --help` to see how it is called.\n",
    },
    {
      args: ['train', 'a.json', '--otu', 'x'],
      stderr:
        "error unknown option '--otu'\n(Did you mean --out?)\nRun `kindred train --help` to see how it is called.\n",
    },
    {
      args: ['predict', 'bundle', 'a.jpg', '--top', '1.5'],
      stderr:
        "error option '-k, --top <count>' argument '1.5' is invalid. It must be a whole number of at least 1.\nRun `kindred predict --help` to see how it is called.\n",
    },
    {
      args: ['doctor', '--log-level', 'loud'],
      stderr:
        "error option '--log-level <level>' argument 'loud' is invalid. Allowed choices are debug, info, warn, error, silent.\nRun `kindred --help` to see how it is called.\n",
    },
    {
      args: ['predict', 'bundle'],
      stderr:
        'error There must be images to predict. Got no file, folder, pattern or -. [KINDRED_USAGE]\n  → Run `kindred predict --help` for examples.\n',
    },
    {
      args: ['predict', 'bundle', 'nothing/*.jpg'],
      stderr:
        'error A pattern must match at least one file. Got "nothing/*.jpg", which matches none. [KINDRED_USAGE]\n' +
        '  → Patterns start at the current folder; quote them so that the shell leaves them alone.\n',
    },
  ])('kindred $args', async ({ args, stderr }) => {
    expect(await kindred(args)).toEqual({ exit: 2, stdout: '', stderr });
  });

  it('no command at all: the help, on standard error', async () => {
    const { exit, stdout, stderr } = await kindred([]);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: kindred/);
  });
});

it('colours appear where they are asked for, never in a pipe', async () => {
  const { stderr } = await kindred(['trian'], { env: { FORCE_COLOR: '1' } });
  expect(stderr).toContain('\u001b[31m');
});
