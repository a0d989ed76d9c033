using Farwire.CommandLine.Output;

namespace Farwire.CommandLine.Doctor;

/// <summary>Shows findings: a line each, and below one that failed why and what helps; or an object each.</summary>
internal sealed class Chart(Terminal terminal, bool json)
{
    private const int Width = 16;

    public void Begin(Patient patient)
    {
        if (!json)
        {
            terminal.Output.WriteLine($"{patient.Address}");
        }
    }

    public void Show(Finding finding)
    {
        if (json)
        {
            ShowJson(finding);
        }
        else
        {
            ShowText(finding);
        }

        // Stages take their time: each is shown when it is over.
        terminal.Output.Flush();
    }

    private void ShowText(Finding finding)
    {
        var mark = finding.Health switch { Health.Good => '\u2713', Health.Warning => '!', Health.Failed => '\u2717', _ => '-' };
        terminal.Output.WriteLine($"{mark} {Name(finding.Stage).PadRight(Width)}{finding.Message}");
        if (finding.Cause is { } cause)
        {
            terminal.Output.WriteLine($"    {"why".PadRight(Width - 2)}{cause}");
        }

        List("here", finding.Here);
        List("over there", finding.There);

        void List(string side, IReadOnlyList<string> commands)
        {
            for (var i = 0; i < commands.Count; i++)
            {
                terminal.Output.WriteLine($"    {(i == 0 ? side : "").PadRight(Width - 2)}{commands[i]}");
            }
        }
    }

    private void ShowJson(Finding finding)
    {
        terminal.Output.WriteLine(JsonText.Of(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("stage", Name(finding.Stage));
            writer.WriteString("health", finding.Health switch { Health.Good => "good", Health.Warning => "warning", Health.Failed => "failed", _ => "skipped" });
            writer.WriteString("message", finding.Message);
            writer.WriteString("cause", finding.Cause);
            foreach (var (name, commands) in new[] { ("here", finding.Here), ("there", finding.There) })
            {
                writer.WriteStartArray(name);
                foreach (var command in commands)
                {
                    writer.WriteStringValue(command);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }));
    }

    public static string Name(Stage stage) => stage.ToString().ToLowerInvariant();
}
