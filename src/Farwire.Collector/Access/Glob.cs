namespace Farwire.Collector.Access;

/// <summary>Names in which <c>*</c> stands for any characters and <c>?</c> for one; case does not count.</summary>
internal static class Glob
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // The last star and where it began to match: going back there is enough, for a later star covers all that an earlier could.
        var (star, mark, p, n) = (-1, 0, 0, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && (pattern[p] == '?' || char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(name[n])) && pattern[p] != '*')
            {
                (p, n) = (p + 1, n + 1);
            }
            else if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, n);
            }
            else if (star >= 0)
            {
                (p, n) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }

    public static bool MatchesAny(IEnumerable<string> patterns, string name) => patterns.Any(pattern => Matches(pattern.Trim(), name));
}
