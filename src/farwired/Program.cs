using Farwire.CommandLine.Documentation;
using Farwire.Daemon;
using Farwire.Hosting.Plugins;

return await (args switch
{
    ["run", "--help" or "-h"] => Task.FromResult(Say(Usage.Run)),
    ["run", "--ephemeral", { Length: > 0 } folder] => EphemeralCommand.RunAsync(folder),
    ["run", "--ephemeral", { Length: > 0 } folder, "--page"] => EphemeralCommand.RunAsync(folder, hasPage: true),
    ["run", "--ephemeral", { Length: > 0 } folder, BrokerCommand.Brokered] => EphemeralCommand.RunAsync(folder, brokered: true),
    ["run", "--ephemeral", { Length: > 0 } folder, "--as", { Length: > 0 } account] => BrokerCommand.RunAsync(folder, account),
    ["run", "--ephemeral", { Length: > 0 } folder, "--bmc-endpoint"] => EphemeralCommand.RunAsync(folder, isBmcEndpoint: true),
    ["run", "--ephemeral", { Length: > 0 } folder, "--bmc-endpoint", .. var rest] => ServeControllers(folder, rest, isBmcEndpoint: true),
    ["run", "--ephemeral", { Length: > 0 } folder, .. ["--bmc", ..] rest] => ServeControllers(folder, rest),
    ["user", "--help" or "-h"] or ["check", "--help" or "-h"] => Task.FromResult(Say(Usage.Text)),
    ["bmc", .. var rest] => Task.FromResult(BmcCommand.Run(rest, Console.In, Console.Out, Console.Error)),
    ["user", .. var rest] => Task.FromResult(UserCommand.Run(rest, Console.In, Console.Out, Console.Error)),
    ["check", .. var rest] => Task.FromResult(CheckCommand.Run(rest, Console.Out, Console.Error)),
    ["health" or "metrics" or "trace", .. var rest] => PageCommand.RunAsync(args[0], rest),
    ["man"] => Task.FromResult(Write(ManPage.Of(Usage.Grammar, Usage.Number))),
    ["completion", var shell] when CompletionScript.For(shell, "farwired", [Usage.Grammar]) is { } script => Task.FromResult(Write(script)),
    ["--version"] => Task.FromResult(Say(Usage.Version)),
    ["--help" or "-h" or "help"] => Task.FromResult(Say(Usage.Text)),
    ["run", "--ephemeral", ..] => Task.FromResult(Complain("run takes --ephemeral DIR [--page | --as ACCOUNT | [--bmc-endpoint] --bmc …]", "run --help")),
    [RunCommand.PluginWord] => PluginProgram.RunAsync(),
    ["run", .. var rest] => RunCommand.RunAsync(rest),
    ["collector", "--help" or "-h"] => Task.FromResult(Say(Usage.Collector)),
    ["collector", .. var rest] => CollectorCommand.RunAsync(rest),
    ["source", "--help" or "-h"] => Task.FromResult(Say(Usage.Source)),
    ["source", .. var rest] => SourceCommand.RunAsync(rest),
    ["config", .. var rest] => Task.FromResult(ConfigCommand.Run(rest, Console.Out, Console.Error)),
    [] => Task.FromResult(Complain("a command is missing")),
    _ => Task.FromResult(Complain($"'{string.Join(' ', args)}' is not a command of farwired")),
}).ConfigureAwait(false);

static Task<int> ServeControllers(string folder, string[] words, bool isBmcEndpoint = false) => ControllerWords.Read(words, out var problem) is { } hardware
    ? EphemeralCommand.RunAsync(folder, hardware: hardware, isBmcEndpoint: isBmcEndpoint)
    : Task.FromResult(Complain(problem, "run --help"));

static int Say(string text)
{
    Console.Out.WriteLine(text);
    return 0;
}

static int Write(string text)
{
    Console.Out.Write(text);
    return 0;
}

static int Complain(string problem, string help = "--help")
{
    Console.Error.WriteLine($"farwired: {problem}.");
    Console.Error.WriteLine($"Try 'farwired {help}'.");
    return 64;
}
