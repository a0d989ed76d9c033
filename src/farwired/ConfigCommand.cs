using Farwire.Hosting.Collecting;
using Farwire.Hosting.Configuration;
using Farwire.Hosting.Forwarding;
using Farwire.Service.Configuration;

namespace Farwire.Daemon;

/// <summary><c>farwired config</c>: what the files of the configuration come to.</summary>
internal static class ConfigCommand
{
    public static int Run(string[] words, TextWriter output, TextWriter errors)
    {
        var origin = words.Contains("--origin");
        if (words is not (["show" or "check", ..]) || RunOptions.Parse([.. words.Skip(1).Where(word => word != "--origin")], out var problem) is not { } options)
        {
            errors.WriteLine("farwired: config takes: show [--origin] or check, and --config-dir DIR, --state-dir DIR.");
            return 64;
        }

        try
        {
            var configuration = options.Files.Read();
            _ = AccessFile.Read(options.Files.AccessFile);
            _ = CollectorFile.Read(options.Files.CollectorFile, options.Files.CollectorFolder);
            _ = SourceFile.Read(options.Files.SourceFile, options.Files.SourceFolder);
            _ = SourceService.RulesOf(options.Files.EventRulesFile);
            if (words[0] == "check")
            {
                output.WriteLine($"{options.Files.PeoplesFiles.Count()} files in {options.Files.ConfigFolder} and the changes in {options.Files.StateFolder} are right.");
            }
            else
            {
                Show(configuration, origin, output);
            }

            return 0;
        }
        catch (ConfigurationFileException e)
        {
            errors.WriteLine($"farwired: {e.Message}");
            return 78;
        }
    }

    private static void Show(ServiceConfiguration configuration, bool origin, TextWriter output)
    {
        Show(ConfigurationTable.Root, "");
        foreach (var entry in ConfigurationTable.Tables.SelectMany(configuration.EntriesOf))
        {
            foreach (var setting in entry.Table.All.Where(setting => !setting.IsSecret && entry.Values.ContainsKey(setting)))
            {
                Line($"{entry.Id}/{setting.Name}", entry[setting], entry.Origin);
            }
        }

        void Show(Section section, string path)
        {
            foreach (var member in section.Members)
            {
                if (member is Section inner)
                {
                    Show(inner, $"{path}{inner.Name}/");
                }
                else
                {
                    Line(path + member.Name, configuration[(Setting)member], configuration.OriginOf((Setting)member));
                }
            }
        }

        void Line(string name, string value, string from) => output.WriteLine(origin ? $"{name} = {value}\t# {from}" : $"{name} = {value}");
    }
}
