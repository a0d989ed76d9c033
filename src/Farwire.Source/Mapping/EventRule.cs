using System.Text.RegularExpressions;

namespace Farwire.Source.Mapping;

/// <summary>One rule: when it fits, and what it says of the entries that it fits.</summary>
internal sealed record EventRule
{
    /// <summary>Fields that must have one of these values.</summary>
    public required IReadOnlyList<(string Field, IReadOnlyList<string> Values)> When { get; init; }

    /// <summary>Fields that must match a pattern; what its named groups take becomes data of the event.</summary>
    public required IReadOnlyList<(string Field, Regex Pattern)> Matches { get; init; }

    public string? Channel { get; init; }

    /// <summary>A number, or <c>$FIELD</c>.</summary>
    public string? EventId { get; init; }

    public int? Level { get; init; }

    public ulong? Keywords { get; init; }

    public string? Provider { get; init; }

    public bool? PassesThrough { get; init; }

    public IEnumerable<string> Fields => When.Select(test => test.Field).Concat(Matches.Select(test => test.Field));

    /// <summary>True when the rule fits; then what it found is added to <paramref name="data"/>.</summary>
    public bool Fits(LogFields log, List<KeyValuePair<string, string>>? data)
    {
        foreach (var (field, values) in When)
        {
            if (log[field] is not { } value || !values.Contains(value, StringComparer.Ordinal))
            {
                return false;
            }
        }

        var before = data?.Count ?? 0;
        foreach (var (field, pattern) in Matches)
        {
            if (log[field] is not { } value || pattern.Match(value) is not { Success: true } match)
            {
                data?.RemoveRange(before, data.Count - before);
                return false;
            }

            foreach (var group in data is null ? [] : match.Groups.Values.Where(group => group.Success && !char.IsAsciiDigit(group.Name[0])))
            {
                data!.Add(new(group.Name, group.Value));
            }
        }

        return true;
    }
}
