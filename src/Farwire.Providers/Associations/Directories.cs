using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Naming;
using Farwire.Protocol.Addressing;
using Farwire.Providers.Contract;
using Farwire.Providers.Storage;

namespace Farwire.Providers.Associations;

/// <summary>What a directory holds, and what holds it: Win32_SubDirectory and CIM_DirectoryContainsFile, of one directory or of one part.</summary>
internal static class Directories
{
    private const string Whole = "GroupComponent";
    private const string Part = "PartComponent";

    public static ICimProvider InDirectories(CimSchema schema) => Over(schema, "Win32_SubDirectory", "Win32_Directory", areDirectories: true);

    public static ICimProvider FilesIn(CimSchema schema) => Over(schema, "CIM_DirectoryContainsFile", "CIM_DataFile", areDirectories: false);

    private static AssociationTable Over(CimSchema schema, string associationClass, string partClass, bool areDirectories)
    {
        return new AssociationTable(schema, associationClass, (Whole, Part), Pairs) { NeedsNames = true };

        async IAsyncEnumerable<(EndpointReference, EndpointReference)> Pairs(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await ValueTask.CompletedTask.ConfigureAwait(false);
            if (NameOf(need, Part) is { } part)
            {
                if (CimDataFile.One(part, areDirectories) is { } found && Path.GetDirectoryName(found.FullName) is { } parent)
                {
                    yield return (To("Win32_Directory", parent), To(partClass, found.FullName));
                }

                yield break;
            }

            foreach (var entry in NameOf(need, Whole) is { } whole ? CimDataFile.In(whole, areDirectories) : [])
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return (To("Win32_Directory", Path.GetDirectoryName(entry.FullName)!), To(partClass, entry.FullName));
            }
        }
    }

    private static string? NameOf(CimNeed need, string role) =>
        need.Fixed(role) is { } text && CimObjectPath.Parse(text) is { Keys: [var key] } ? key.Value : null;

    private static EndpointReference To(string className, string name) => CimReference.To(className, ("Name", name));
}
