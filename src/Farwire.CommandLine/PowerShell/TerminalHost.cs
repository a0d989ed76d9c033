using System.Globalization;
using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Records;
using Farwire.CommandLine.PowerShell.Output;

namespace Farwire.CommandLine.PowerShell;

/// <summary>Answers remote scripts for the person at this terminal.</summary>
/// <remarks>
/// MS-PSRP, "Host Methods". The window's size is the terminal's; its cells, its cursor and single keys are not the script's: programs that paint learn it.
/// </remarks>
internal sealed class TerminalHost(Terminal terminal, RecordView view) : IPowerShellHost
{
    private const string NoScreen = "this is a session over the network, not a screen; programs that paint the whole of it cannot run here.";
    private const string Nobody = "standard input is no terminal, so there is nobody to ask; give the value as a parameter.";

    /// <inheritdoc/>
    public HostScreen? Screen { get; } = new(terminal.Size().Columns, terminal.Size().Rows) { Title = "farwire" };

    /// <summary>The code of <c>exit</c>; null when no script said it.</summary>
    public int? ExitCode { get; private set; }

    /// <inheritdoc/>
    public ValueTask<object?> AnswerAsync(HostCall call, CancellationToken cancellationToken) => ValueTask.FromResult(Answer(call));

    private object? Answer(HostCall call)
    {
        var words = call.Parameters;
        switch (call.Method)
        {
            case HostCall.SetShouldExit: ExitCode = words[0] is int code ? code : 0; return null;
            case HostCall.Write1: view.Write(Text(words, 0)); return null;
            case HostCall.Write2: view.Write(Text(words, 2), Colour(words[0]), Colour(words[1])); return null;
            case HostCall.WriteLine1: view.Write("\n"); return null;
            case HostCall.WriteLine2: view.Write(Text(words, 0) + "\n"); return null;
            case HostCall.WriteLine3: view.Write(Text(words, 2), Colour(words[0]), Colour(words[1])); view.Write("\n"); return null;
            case HostCall.WriteErrorLine: view.Said(new ErrorRecord(Text(words, 0))); return null;
            case HostCall.WriteDebugLine: view.Said(new DebugRecord(Text(words, 0))); return null;
            case HostCall.WriteVerboseLine: view.Said(new VerboseRecord(Text(words, 0))); return null;
            case HostCall.WriteWarningLine: view.Said(new WarningRecord(Text(words, 0))); return null;
            case HostCall.WriteProgress: view.Said(ProgressRecord.Of(words[1])); return null;
            case HostCall.ReadLine: return ReadLine("");
            case HostCall.ReadLineAsSecureString: return ReadSecret("");
            case HostCall.Prompt: return Prompt(Text(words, 0), Text(words, 1), Items(words[2]));
            case HostCall.PromptForCredential1 or HostCall.PromptForCredential2: return PromptForCredential(Text(words, 0), Text(words, 1), Text(words, 2));
            case HostCall.PromptForChoice: return PromptForChoice(Text(words, 0), Text(words, 1), Items(words[2]), words[3] is int chosen ? chosen : -1);
            case HostCall.PromptForChoiceMultipleSelection: return PromptForChoices(Text(words, 0), Text(words, 1), Items(words[2]), (words[3] as RemoteObject)?.Value as RemoteList ?? []);
            case HostCall.SetWindowTitle or HostCall.NotifyBeginApplication or HostCall.NotifyEndApplication: return null;
            default: throw new NotSupportedException(NoScreen);
        }
    }

    // A colour comes as its number, bare or as an enumeration.
    private static int Colour(object? colour) => colour switch { int number => number, RemoteObject { Value: int number } => number, _ => -1 };

    private static string Text(RemoteList words, int at) => at < words.Count ? ObjectText.Of(words[at]) : "";

    private static List<RemoteObject> Items(object? list) => list is RemoteObject { Value: RemoteList items } ? [.. items.OfType<RemoteObject>()] : [];

    private static string Named(RemoteObject item, string name) => item[name] as string ?? "";

    // The key after & is meant to be pressed.
    private static string Label(RemoteObject item) => Named(item, "label");

    private static string Key(RemoteObject item) => Label(item) is var label && label.IndexOf('&', StringComparison.Ordinal) is >= 0 and var at && at + 1 < label.Length
        ? label[(at + 1)..(at + 2)]
        : Plain(item);

    private static string Plain(RemoteObject item) => Label(item).Replace("&", "", StringComparison.Ordinal);

    private string ReadLine(string prompt)
    {
        NeedSomebody();
        terminal.Errors.Write(prompt);
        terminal.Errors.Flush();
        return terminal.Input.ReadLine() ?? throw new NotSupportedException(Nobody);
    }

    private Secret ReadSecret(string prompt)
    {
        NeedSomebody();
        return new Secret((terminal.AskSecret(prompt) ?? throw new NotSupportedException(Nobody)).AsMemory());
    }

    private void NeedSomebody()
    {
        view.Progress.Clear();
        if (!terminal.InputIsTerminal)
        {
            throw new NotSupportedException(Nobody);
        }
    }

    private void Announce(string caption, string message)
    {
        foreach (var line in ((string[])[caption, message]).Where(l => l.Length > 0))
        {
            terminal.Errors.WriteLine(line);
        }
    }

    private RemoteObject Prompt(string caption, string message, List<RemoteObject> fields)
    {
        Announce(caption, message);
        var answers = new RemoteDictionary();
        foreach (var field in fields)
        {
            var name = Named(field, "name");
            var prompt = Plain(field) is { Length: > 0 } label ? $"{label}: " : $"{name}: ";
            answers.Add(name, Named(field, "parameterTypeFullName") switch
            {
                "System.Security.SecureString" => ReadSecret(prompt),
                "System.Management.Automation.PSCredential" => PromptForCredential("", prompt, ""),
                _ => ReadLine(prompt),
            });
        }

        return Holding(answers, "System.Collections.Hashtable");
    }

    private Credential PromptForCredential(string caption, string message, string user)
    {
        Announce(caption, message);
        var name = user.Length > 0 ? user : ReadLine("User: ");
        return new Credential(name, ReadSecret($"Password of {name}: "));
    }

    private int PromptForChoice(string caption, string message, List<RemoteObject> choices, int chosen)
    {
        Announce(caption, message);
        while (true)
        {
            var line = ReadLine(Question(choices, chosen >= 0 && chosen < choices.Count ? Key(choices[chosen]) : null)).Trim();
            if (line.Length == 0 && chosen >= 0)
            {
                return chosen;
            }

            if (line == "?")
            {
                choices.ForEach(c => terminal.Errors.WriteLine($"{Key(c)} - {Named(c, "helpMessage")}"));
            }
            else if (Find(choices, line) is >= 0 and var found)
            {
                return found;
            }
        }
    }

    private RemoteObject PromptForChoices(string caption, string message, List<RemoteObject> choices, RemoteList chosen)
    {
        Announce(caption, message);
        var answers = new RemoteList();
        while (ReadLine(Question(choices, null)).Trim() is { Length: > 0 } line)
        {
            if (Find(choices, line) is >= 0 and var found)
            {
                answers.Add(found);
            }
        }

        return Holding(answers.Count > 0 ? answers : chosen, "System.Collections.ArrayList");
    }

    private static RemoteObject Holding(object value, string type) => new() { Value = value, HasValue = true, TypeNames = [type, "System.Object"] };

    private static int Find(List<RemoteObject> choices, string line) =>
        choices.FindIndex(c => Key(c).Equals(line, StringComparison.OrdinalIgnoreCase) || Plain(c).Equals(line, StringComparison.OrdinalIgnoreCase));

    private static string Question(List<RemoteObject> choices, string? usual) =>
        string.Join("  ", choices.Select(c => $"[{Key(c)}] {Plain(c)}")) + string.Create(CultureInfo.InvariantCulture, $"  [?] Help{(usual is null ? "" : $" (default is {usual})")}: ");
}
