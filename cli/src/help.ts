export function help(command?: string): string {
  return `${TEXTS[command ?? ''] ?? OVERVIEW}\n`;
}

const OVERVIEW = `hindcast: records a Node program, and shows its state at any moment of the run

  hindcast record [options] COMMAND…      run a command and record it
  hindcast list                           the recordings of this folder, newest first
  hindcast info [RECORDING]               processes, threads, counts, failures, what is missing
  hindcast state [RECORDING] --at MOMENT  the stack and all variables at a moment
  hindcast events [RECORDING]             what happened, event by event
  hindcast search TEXT [RECORDING]        where a text or a value occurred
  hindcast why [RECORDING] [EXPRESSION]   why it failed, why a value is what it is, why a line did not run
  hindcast suspects [RECORDING]           the lines that are likely to have made it fail
  hindcast slice [RECORDING]              the statements that a failure depends on
  hindcast diff A B                       where two runs first differ, in their way and in their values
  hindcast validate [RECORDING…]          whether the code as it is now mends what failed
  hindcast what-if [RECORDING] CODE       how it would have gone with a change of the program, by a rerun
  hindcast materialise [RECORDING]        the values of a light recording, by executing it again
  hindcast keep [RECORDING]               keep a failure with the code, to prove that it stays mended
  hindcast minimize [RECORDING]           the smallest input that fails as the recorded one did
  hindcast generate-test [RECORDING]      a test that fails as the recording did
  hindcast cut [RECORDING]                a finished recording of what is being recorded, as it is now
  hindcast export RECORDING FILE          one portable .hindcast file
  hindcast import FILE                    the other way round
  hindcast warm [FILE|FOLDER…]            prepare a project's files, so that recording them begins at once
  hindcast ops …                          watch running services, forecast, tune them by canaries: hindcast help ops
  hindcast dap                            a debug adapter on stdin and stdout, for editors that replay recordings
  hindcast help COMMAND                   the options of a command
  hindcast --version                      its version, and that of Node

RECORDING is a folder, an id or its beginning; without it the latest. RECORDING#CASE is one case of it: its number or
its name. A MOMENT is \`failure\`, \`end\`, a number, or STREAM:NUMBER as \`events\` prints it. Every reading command takes
--json. Exit codes: 0 done (diff: 1 where the runs differ; validate: by verdict), 4 wrong usage or an error of the file system, others by error (see README).`;

const TEXTS: Readonly<Record<string, string>> = {
  record: `hindcast record [options] [--] COMMAND…

Runs the command in this terminal and exits as it does. Its last line on stderr names the recording.

  --out DIR           the folder that gets the recording; default .hindcast/recordings (5 GB, oldest unpinned go first)
  --level LEVEL       full (default): every value; light: what crossed the boundary and hashes of control flow, at little
                      cost; the first reader executes the command again for the values; auto: light, and where
                      something failed the values are made at once, in the background. Where an earlier run of the
                      command showed that it cannot be executed again (addons with threads, memory shared by threads,
                      another way), auto records fully, and the ledger says why
  --deps LEVEL        dependencies: writes (default: what they change in objects), off, steps (as user code)
  --include GLOB      record these as user code, packages too; may be given several times
  --exclude GLOB      leave these alone; may be given several times
  --keep 10m|2GB      keep only the latest part; of a light recording the start-up too. Its reader executes the start-up and
                      then what came about a second before the last failing request, until that was answered.
                      \`hindcast cut\`, or SIGUSR2 to the program where it does not listen for that itself, cuts a
                      finished recording off it
  --cache DIR         folder of instrumented files
  --store-limit SIZE  what .hindcast/recordings may take, such as 2GB; default 5GB
  --unset NAME        run the command without this variable; may be given several times
  --path-file FILE    write the recording's folder into a file as soon as it is there
  --show-command      print COMMAND on stderr before it runs
  --portable          do without the native helper`,
  cut: `hindcast cut [RECORDING] [--json]

Cuts a finished recording off one that is being recorded, by default the latest, beside it. The program notices nothing, and
goes on being recorded. SIGUSR2 does the same to a program that is recorded with --level light --keep and does not listen for it.

  --json   {version, recording, of}`,
  materialise: `hindcast materialise [RECORDING[#CASE]] [options]

Executes the command of a light recording again, in its recorded world, and keeps its values. Hashes of control flow and all
that it told others are compared, turn by turn; what lies behind the first difference is not shown. Commands that read
values do this by themselves; of several that want it one executes, the others wait for it. One that is interrupted
leaves nothing behind. Exit code 0: all is equal; 1: a part is. Where something failed and more than eight processes ended
well, as in a suite of many files, those are left out; a case that is asked for is executed wherever it ran.

  --again         also where there are values already
  --failing       only where something failed
  --all           leave out nothing
  --progress      prints lines such as \`progress: 43\` on stderr, in percent
  --timeout TIME  how long it may run, such as 30s or 5m
  --allow-run     of an imported recording: its command may run on this machine
  --json          {version, recording, ticks, verified, divergences: [{stream, tick, word, what}], likely, left?}`,
  list: `hindcast list [--out DIR]… [--json]

  --out DIR   a folder of recordings, instead of this folder's; several together are one list
  --json      {version, recordings: [{id, path, command, startedAt, state, exitCode, signal, bytes, pinned, rerunOf}]}`,
  info: `hindcast info [RECORDING] [--json]

RECORDING may be \`-\`: its name comes on standard input.

  --json   {version, recording, processes, counts, failures, cases, sources, ledger, problems}`,
  state: `hindcast state [RECORDING[#CASE]] [--at MOMENT] [--json]

  --at MOMENT   failure (default where there is one), end, a number, STREAM:NUMBER
  --depth N     levels of objects shown; default 3
  --json        {version, recording, moment, stack, objects}`,
  events: `hindcast events [RECORDING[#CASE]] [--from MOMENT] [--to MOMENT] [--limit N] [--kind KIND…] [--json]

  --limit N   default 200; 0: all
  --json      {version, recording, events, more}

hindcast events [RECORDING[#CASE]] --log FILE:LINE[:COLUMN] EXPRESSION [--from MOMENT] [--to MOMENT] [--json]

Evaluates a JavaScript expression each time that the line began, and prints it with its moment.

  --allow-evaluate   lets the code of an imported recording run
  --json             {version, moment, place, value, objects} or {version, moment, place, fault}, one a line`,
  search: `hindcast search TEXT [RECORDING[#CASE]] [--all] [--from MOMENT] [--to MOMENT] [--limit N] [--json]
hindcast search --value VALUE [RECORDING[#CASE]] …

Finds a text in what was written, passed, returned, thrown, printed, or crossed the boundary; or a value that is the same.

  --value V   a number, a "string" in quotes or a bare word, true, false, null, undefined, NaN, 12n
  --all       in all recordings of the workspace
  --limit N   default 200; 0: all
  --json      {version, found, more}`,
  why: `hindcast why [RECORDING[#CASE]] [--all] [--json]
hindcast why [RECORDING[#CASE]] EXPRESSION [--at MOMENT] [--frame N] [--all] [--json]
hindcast why [RECORDING[#CASE]] --not FILE:LINE [--json]
hindcast why [RECORDING[#CASE]] --confirm MOMENT [--value CODE] [--json]

Why the run failed: in one sentence; then where the value to blame came from, hop by hop; then what decided that it came
to that. With an expression: where its value came from, as a call sees it at a moment. With --not: what turned away from a
line that did not run. Where the recording does not tell, the answer says so. With --confirm: the recorded command runs
again in the recorded world, with that line's decision turned round, or with another value there, in that run alone; where
the failure is gone then, it is the cause, confirmed by rerun.

  --at MOMENT       failure (default where there is one), end, a number, STREAM:NUMBER
  --frame N         the call on the stack, as \`state\` numbers them; default 0, the innermost
  --all             shows the hops that only hand a value on, too
  --confirm MOMENT  of a line of the answer; takes --live, --timeout, --out, --allow-run as \`validate\` does
  --value CODE      the other value; default what the assertion expected
  --json            {version, recording, sentence, failure, culprit, hops, decisions}; with --not answer and callers, too;
                    with --confirm {version, recording, confirmation: {tried, confirmed, verdict, reasons, rerun}}`,
  suspects: `hindcast suspects [RECORDING[#CASE]] [--against RECORDING]… [--count N] [--json]

The lines that are likely to have made a case fail, the likeliest first, each with what speaks for it: which failing and
passing cases of the recording ran it; and small changes of it that make the recorded case pass while passing cases stay
so. Changes are tried on what was recorded, in a process that can neither read files, connect nor start anything. They are
suspects: no rerun of the program has confirmed one, unless --confirm has it run again, in the recorded world, with the
change. Where the failure is gone then, and nothing else fails, it is the cause, confirmed by rerun.

  --against RECORDING   what ran in its passing cases speaks against a line less; may be given several times
  --count N             default 5
  --confirm WHICH       the number of a suspect, its FILE:LINE, or all. Where no change of it could be tried on what was
                        recorded, reruns try some, until one mends it. Takes --live, --timeout, --out, --allow-run as
                        \`validate\` does
  --allow-evaluate      runs code of a recording that was imported
  --json                {version, recording, failure, cases, trials, suspects}`,
  slice: `hindcast slice [RECORDING[#CASE]] [--at MOMENT] [--runs] [--json]

The statements that what happens at a moment depends on, through values and through decisions, also through decisions
that kept something from happening; by file and line, with how often each ran as a part of it. What all other statements
computed makes no difference there. It goes back a million events.

  --at MOMENT   default failure
  --runs        with --json: each run of a statement, in their order, too
  --json        {version, recording, moment, failure, from, complete, runs, ran, statements, different}`,
  diff: `hindcast diff RECORDING[#CASE] RECORDING[#CASE] [--json]

Puts two runs side by side, call by call: where they first go different ways, and what decided it; the first variable,
argument, result or property that has another value; both stacks there, and the variables that differ. What came in from
outside differently is listed apart: what follows from clocks, random numbers, numbers of processes and names of folders
alone makes no difference. The sources may have been edited between the runs.

Exits with 0 where the runs are alike, 1 where they differ.

  --json   {version, alike, sentence, a, b, streams, onlyA, onlyB, editedFiles}`,
  validate: `hindcast validate [RECORDING[#CASE]…] [--json]
hindcast validate --all [--junit FILE] [--json]
hindcast validate FOLDER… [--junit FILE] [--json]

Runs the recorded command again on the code as it is now, in the recorded world: with the recorded arguments, environment,
stdin, time, random numbers, files, child processes and answers from the network. What the program writes goes to a
scratch folder, also what native code writes by itself (SQLite), where the native helper is there to lead it; nothing leaves
the machine. The rerun is a recording, too. Without a RECORDING the latest that is no rerun.

  fixed               the case ran to its end, came by where it had failed, and met no such error
  still-failing       it fails as it did
  different-failure   it fails otherwise, or something else fails now
  inconclusive        it does not fail, but that proves nothing; the reasons say why

  --live KIND       lets calls that nothing recorded answers reach the real world; random, files, processes,
                    network
  --timeout TIME    stops the rerun after 30s, 5m …; default 20 times the recorded time, at least
                    10 s, of a long one twice that and a minute
  --out DIR         the folder that gets the rerun's recording; default .hindcast/recordings
  --keep            keeps the failure in .hindcast/corpus, to be committed
  --expect VERDICT  with --keep: the verdict that is as it should be; default fixed
  --all             validates every failure of the corpus against its expected verdict; a FOLDER of the corpus: that one
  --junit FILE      with --all: writes a report for CI
  --allow-run       runs the command of a recording that was imported
  --show-output     what the program prints, on stderr
  --json            {version, recording, verdict, reasons, cases, unmatched, divergence, editedFiles, rerun, milliseconds}

Exits with 0 fixed, 1 still failing, 2 different failure, 3 inconclusive, 4 wrong usage or an error of the file system; of
several, and with --all of those that are not as expected, the worst: 4, 2, 1, 3.`,
  'what-if': `hindcast what-if [RECORDING[#CASE]] --line FILE:LINE [--at MOMENT] CODE [--json]
hindcast what-if [RECORDING[#CASE]] --line FILE:LINE [--at MOMENT] --instead-of EXPRESSION CODE [--json]

Runs the recorded command again in the recorded world, as \`validate\` does, with a change of the code that was recorded,
and compares. CODE is a JavaScript expression, such as an assignment, to be run before the line; or what an expression of
the line gives instead. Files are left as they are. The rerun is a recording.

  --line FILE:LINE          where a statement begins
  --at MOMENT               only in the run of the line that is under way then; without --line, of what runs then
  --instead-of EXPRESSION   as it stands in the source, but for spaces
  --json                    that of \`validate\`, and change: {path, line, run, code}

Takes --live, --timeout, --out, --allow-run and --show-output, and exits, as \`validate\` does.`,
  keep: `hindcast keep [RECORDING[#CASE]] [--expect VERDICT] [--json]

Keeps a failure in .hindcast/corpus, to be committed: failure.json, and its input without secrets. Nothing runs. Without
a RECORDING the latest that is no rerun.

  --expect VERDICT  the verdict that is as it should be; default fixed
  --json            {version, folder, name, expected}`,
  minimize: `hindcast minimize [RECORDING[#CASE]] [--timeout TIME] [--keep] [--json]

Reruns the recorded command in the recorded world with less and less input, as long as it fails as it did: the same error,
at the same statement, in the same test; an assertion with the same message. What is tried: arguments, variables of the environment that the code names, stdin,
files and folders that the program read, requests that came in, answers from the network, output of child processes.
JSON is taken apart by members and elements, tables by rows and columns, text by lines, words and letters. Prints each
input's size before and after and what is left of it; the run on the smallest input is a recording. What is loaded as code,
clocks and random numbers stay as they were. The failure is the first one, or that of the case.

  --timeout TIME    ends the search after 30s, 5m …; default 60s. Ctrl+C ends it, too; either way the smallest input that
                    was found until then is the result
  --keep            keeps the failure in .hindcast/corpus, with the smallest input
  --expect VERDICT  with --keep: the verdict that is as it should be; default fixed
  --out DIR         the folder that gets the recording; default .hindcast/recordings
  --live KIND       lets calls that nothing recorded answers reach the real world; random, files, processes, network
  --allow-run       runs the command of a recording that was imported
  --show-output     what the program prints, on stderr
  --json            {version, recording, case, failure, ended, inputs, before, after, trials, milliseconds, unmatched,
                    missingSecrets, rerun}

Exits with 0, with 3 where the recorded input does not fail that way any more, with 130 after Ctrl+C.`,
  'generate-test': `hindcast generate-test [RECORDING[#CASE]] [--runner RUNNER] [--out FILE] [--json]

Writes a test that fails before the fix, as the recording did, and passes after it; and runs it at once. It calls the
innermost exported function on the failure's stack whose arguments can be written down; after a failed assertion the
function that returned the value, with what the assertion expected. Else it runs the program in a copy of the project, with
the recorded arguments, environment, stdin, files and requests. What is long is a file in \`fixtures\` beside the test.

  --runner RUNNER   node, vitest, jest, mocha; default: what package.json names, else node
  --out FILE        default: FUNCTION.hindcast.test.js in the folder test, tests or __tests__
  --call NAME       this function of the stack; \`program\`: the whole program
  --allow-run       runs the command of a recording that was imported
  --json            {version, recording, case, failure, runner, kind, function, expected, file, fixtures, result, command,
                    needs, lacks, others}

Exits with 0 where the test fails as recorded, with 3 where it does not, was not run, or none could be written.`,
  export: `hindcast export RECORDING[#CASE] FILE [--to MOMENT] [--from MOMENT]

Writes one portable file. What lies before --from is kept where the state after it needs it.`,
  warm: `hindcast warm [FILE|FOLDER…] [--cache DIR] [--stdin]

Instruments the project's files that Node runs as they are written; default: those of this folder. What is
ignored by git, or larger than 500 KB, is left out. Then what the files import from packages, and what that imports, up to
10 MB. Runs at low priority.

  --cache DIR   folder of instrumented files
  --deps LEVEL, --include GLOB, --exclude GLOB   as of record
  --stdin       takes further names from stdin, one a line, until it ends or none comes for a minute`,
  ops: `hindcast ops serve [--config FILE] [--data DIR] [--port N] [--act]
hindcast ops demo [--hands-off] [--rate N]
hindcast ops run [options] -- COMMAND…
hindcast ops COMMAND [--json]

Watches running services, notices drift, forecasts, and recommends changes; rolls them out by canaries, and back where they
are worse. One daemon for a folder: it keeps what it knows in .hindcast/operations, and answers the other commands.

  serve                      the daemon, until Ctrl-C; hindcast-ops.yaml says what it watches and runs
      --config FILE          another configuration; without one the daemon watches what is sent to it
      --data DIR             where it keeps what it knows; every command takes it
      --port N               where it listens on 127.0.0.1: its API, and OTLP at /v1/metrics; default any free one
      --act                  applies recommendations of allowed knobs by itself; else it only recommends
  demo                       an example: three instances, a drift, a knob that helps, a bad release
      --hands-off            applies what is recommended without being asked
      --rate N               requests a second; default 120
  run -- COMMAND…            an instance of a service, watched and recorded; exits as the command does
      --service NAME         default: the package's name
      --instance NAME, --environment NAME, --build NAME
                             default: a new name, NODE_ENV, a hash of the folder's files
      --settings A,B         variables of the environment that are its configuration
      --keep TIME            how much of the recording is kept; default 15m
      --no-record            watched only
  stop                       ends the daemon, and the instances that it started

  status                     services and instances with their golden signals
  alerts, drifts, signatures what was noticed, and what it is like
  forecast SERVICE           what is expected; --signal traffic, latencyP95, memoryBytes …
  recommendations            what would help, how surely, and what it would cost
  rollouts, history          canaries and their judge; every action and its result; --limit N of history, default 50
  knobs                      settings that may be tuned: their values and bounds, and who has pinned them
  decisions [SERVICE]        what was decided, each with all its inputs
  replay ID                  makes a decision again; exit code 0: it comes out the same; 1: what differs
  calibration                whether the probabilities that were given came true
  incidents, postmortem ID   what went wrong, with what happened when; a draft in Markdown
  gate SERVICE               exit code 0: a change may go out; 1: the error budget is spent

  apply ID                   rolls a recommendation out; --strategy canary (default) or blue-green
  override ID VALUE          rolls it out with another value
  dismiss ID                 it is not wanted
  roll-out SERVICE           another --folder DIR [--build NAME], or settings by --set NAME=VALUE
  pause ID, resume ID, roll-back ID [--reason TEXT]
                             of a rollout
  set KNOB VALUE             a person's choice, without a trial
  pin KNOB, unpin KNOB       it stays as it is until somebody unpins it
  acknowledge ALERT          somebody looks after it
  note INCIDENT TEXT         what was done or found; --kind note (default), action, mitigated, resolved or reopened
  describe SIGNATURE         --name TEXT, --outcome TEXT, --fix TEXT: so that it is known again`,
  dap: `hindcast dap [--listen PATH]

  --listen PATH   serves the first client that connects to this Unix socket or named pipe, and ends where none does within
                  a minute; default: stdin and stdout

Speaks the Debug Adapter Protocol. Arguments of \`launch\`: \`recording\` (a folder, an id or its beginning, a portable
file; default the latest) and \`startAt\` (failure, entry, end, a number, STREAM:NUMBER; default the failure where there
is one, else the end).`,
  import: `hindcast import FILE [--out DIR]

Unpacks a portable file into the recordings of this folder.`,
};
