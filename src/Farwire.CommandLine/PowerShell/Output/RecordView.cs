using System.Text.Json;
using Farwire.Client.PowerShell.Records;

namespace Farwire.CommandLine.PowerShell.Output;

/// <summary>Shows what a pipeline says: objects on standard output, all else on standard error, drawn here from the records themselves.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="form">How objects are shown; null when the other side makes the text.</param>
/// <param name="json">Records about errors and the like are objects too, one a line.</param>
internal sealed class RecordView(Terminal terminal, ObjectForm? form, bool json)
{
    private readonly Ink _ink = new(terminal.ErrorsAreTerminal && !terminal.NoColour);
    private readonly Ink _outputInk = new(terminal.OutputIsTerminal && !terminal.NoColour);

    /// <summary>The line with the progress.</summary>
    public ProgressLine Progress { get; } = new(terminal);

    /// <summary>Shows what the host of a script was told to show.</summary>
    public void Said(PipelineRecord record)
    {
        if (form is null || record is ErrorRecord or ProgressRecord)
        {
            ShowNow(record);
        }
    }

    /// <summary>Shows a record of the pipeline. What comes as text was said to the host as well, and is shown once.</summary>
    public void Show(PipelineRecord record)
    {
        if (form is not null || record is not (InformationalRecord or ProgressRecord or InformationRecord { Tags: ["PSHOST", ..] }))
        {
            ShowNow(record);
        }
    }

    /// <summary>No object follows.</summary>
    public void End()
    {
        Progress.End();
        form?.End(terminal.Output);
        terminal.Output.Flush();
    }

    /// <summary>Text of the script's own making, as it comes.</summary>
    public void Write(string text, int foreground = -1, int background = -1)
    {
        Progress.Clear();

        // Between objects text would be no object: there it stands beside them.
        var (to, ink) = form is null ? (terminal.Output, _outputInk) : (terminal.Errors, _ink);
        to.Write(foreground < 0 ? ink.Of(text) : ink.Of(foreground, background, text));
        to.Flush();
    }

    private void ShowNow(PipelineRecord record)
    {
        if (record is ProgressRecord progress)
        {
            Progress.Show(progress);
            return;
        }

        Progress.Clear();
        switch (record)
        {
            case OutputRecord { Value: var value } when form is not null: form.Show(terminal.Output, value); break;
            case OutputRecord output: terminal.Output.WriteLine(_outputInk.Of(ObjectText.Of(output.Value))); break;
            default: ShowBeside(record); break;
        }

        terminal.Output.Flush();
    }

    private void ShowBeside(PipelineRecord record)
    {
        if (json)
        {
            terminal.Errors.WriteLine(JsonForm.Line(line => Write(line, record)));
            return;
        }

        foreach (var line in Lines(record))
        {
            terminal.Errors.WriteLine(line);
        }
    }

    private IEnumerable<string> Lines(PipelineRecord record) => record switch
    {
        ErrorRecord error => ErrorLines(error).Select(_ink.Red),
        WarningRecord warning => [_ink.Yellow($"WARNING: {warning.Message}")],
        VerboseRecord verbose => [_ink.Yellow($"VERBOSE: {verbose.Message}")],
        DebugRecord debug => [_ink.Yellow($"DEBUG: {debug.Message}")],
        _ => [_ink.Of(record.ToString() ?? "")],
    };

    private static IEnumerable<string> ErrorLines(ErrorRecord error)
    {
        var place = error.Source?["InvocationInfo_InvocationName"] as string;
        yield return string.IsNullOrEmpty(place) ? error.Message : $"{place}: {error.Message}";
        if (error.CategoryMessage.Length > 0)
        {
            yield return $"    + {error.CategoryMessage}";
        }

        if (error.FullyQualifiedErrorId.Length > 0)
        {
            yield return $"    + {error.FullyQualifiedErrorId}";
        }
    }

    // {"error":{"message":…,"id":…,"category":…}} {"warning":…}
    private static void Write(Utf8JsonWriter json, PipelineRecord record)
    {
        json.WriteStartObject();
        if (record is ErrorRecord error)
        {
            json.WriteStartObject("error");
            json.WriteString("message", error.Message);
            json.WriteString("id", error.FullyQualifiedErrorId);
            json.WriteString("category", error.CategoryMessage);
            json.WriteString("exception", error.ExceptionType);
            json.WriteString("stack", error.ScriptStackTrace);
            json.WritePropertyName("target");
            JsonForm.Write(json, error.TargetObject);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString(record switch { WarningRecord => "warning", VerboseRecord => "verbose", DebugRecord => "debug", _ => "information" }, record.ToString());
        }

        json.WriteEndObject();
    }
}
