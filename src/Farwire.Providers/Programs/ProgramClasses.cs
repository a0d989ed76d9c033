using Farwire.Cim.Classes;
using Farwire.Cim.Mof;
using Farwire.Processes;
using Farwire.Processes.Launch;
using Farwire.Providers.Contract;
using Microsoft.Extensions.Logging;

namespace Farwire.Providers.Programs;

/// <summary>Classes of the machine's own administrator: MOF in a folder, and programs that know the instances.</summary>
public static partial class ProgramClasses
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Adds the classes of all <c>*.mof</c> in <paramref name="folder"/>; a file that is wrong is told to the log and left out.</summary>
    /// <param name="catalog">Takes them.</param>
    /// <param name="folder">Need not exist.</param>
    /// <param name="logger">Hears about files that are left out.</param>
    /// <param name="starter">Starts the programs; null starts them as this process's own account.</param>
    /// <param name="patience">How long a program may take for one question; null is half a minute.</param>
    public static CimCatalog AddPrograms(this CimCatalog catalog, string folder, ILogger logger, IProgramStarter? starter = null, TimeSpan? patience = null)
    {
        if (!Directory.Exists(folder))
        {
            return catalog;
        }

        var spaces = new Dictionary<string, CimSchema>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in Directory.EnumerateFiles(folder, "*.mof").Order(StringComparer.Ordinal))
        {
            try
            {
                var mof = File.ReadAllText(file);
                var name = CimSchema.NamespaceIn(mof) ?? throw new MofException("the file names no namespace: #pragma namespace(\"root/mine\")", 1, 1);
                if (catalog.Has(name))
                {
                    throw new MofException($"{name} is Farwire's own: name another namespace", 1, 1);
                }

                if (!spaces.TryGetValue(name, out var schema))
                {
                    spaces[name] = schema = new CimSchema(name);
                }

                schema.AddMof(mof);
            }
            catch (Exception e) when (e is MofException or IOException or UnauthorizedAccessException)
            {
                LeftOut(logger, file, e.Message);
            }
        }

        foreach (var (name, schema) in spaces)
        {
            var providers = schema.Classes.Select(c => ProgramProvider.Of(c, name, starter ?? new OwnAccountStarter(), patience ?? Patience, TimeProvider.System)).OfType<ProgramProvider>().ToList();
            catalog.Add(schema, providers).AddMethods(schema, providers);
        }

        return catalog;
    }

    [LoggerMessage(EventId = 4301, Level = LogLevel.Error, Message = "The classes of {File} are not served: {Problem}.")]
    private static partial void LeftOut(ILogger logger, string file, string problem);
}
