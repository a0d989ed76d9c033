using System.Globalization;

namespace Farwire.Processes.Limits;

/// <summary>The control group of one program: whatever it starts is in it, and is ended with it in one step.</summary>
/// <remarks>cgroups(7), "Cgroups version 2".</remarks>
internal sealed class ControlGroup(ControlGroups all, string folder)
{
    /// <summary>Who writes 0 into it becomes a member.</summary>
    public string MembersFile { get; } = Path.Combine(folder, ControlGroups.Members);

    /// <summary>The ids of all who run.</summary>
    public List<int> Members()
    {
        try
        {
            return [.. File.ReadLines(MembersFile).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return []; // removed: nobody is in it
        }
    }

    /// <summary>Ends all members at once, and returns when none is left and the group is gone.</summary>
    public async Task EndAsync()
    {
        while (!all.TryRemove(folder))
        {
            try
            {
                await File.WriteAllTextAsync(Path.Combine(folder, ControlGroups.Kill), "1").ConfigureAwait(false);
            }
            catch (IOException)
            {
                // Somebody else removed it in the same moment; the next look tells.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1)).ConfigureAwait(false);
        }
    }
}
