namespace Farwire.Cim.Wql;

/// <summary>A LIKE pattern: <c>%</c> any run, <c>_</c> one character, <c>[abc]</c>, <c>[a-f]</c>, <c>[^abc]</c>; without regard to case.</summary>
/// <remarks>The WMI SDK, "LIKE operator". Matching is linear in text times pattern: no input makes it slow.</remarks>
internal sealed class LikePattern
{
    private readonly List<Element> _elements = [];

    public LikePattern(string pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '%':
                    if (_elements is not [.., { IsRun: true }])
                    {
                        _elements.Add(new Element(true, null, false));
                    }

                    break;
                case '_':
                    _elements.Add(new Element(false, null, false));
                    break;
                case '[' when pattern.IndexOf(']', i + 1) is > 0 and var end && end > i + 1:
                    var negated = pattern[i + 1] == '^';
                    _elements.Add(new Element(false, pattern[(negated ? i + 2 : i + 1)..end].ToUpperInvariant(), negated));
                    i = end;
                    break;
                default:
                    _elements.Add(new Element(false, char.ToUpperInvariant(pattern[i]).ToString(), false));
                    break;
            }
        }
    }

    public bool Matches(string text)
    {
        // Greedy with one point of return: the last run is the only one that ever needs to grow.
        int t = 0, p = 0, runAt = -1, runText = 0;
        while (t < text.Length)
        {
            if (p < _elements.Count && _elements[p].IsRun)
            {
                runAt = p++;
                runText = t;
            }
            else if (p < _elements.Count && _elements[p].Takes(text[t]))
            {
                p++;
                t++;
            }
            else if (runAt >= 0)
            {
                p = runAt + 1;
                t = ++runText;
            }
            else
            {
                return false;
            }
        }

        while (p < _elements.Count && _elements[p].IsRun)
        {
            p++;
        }

        return p == _elements.Count;
    }

    private readonly record struct Element(bool IsRun, string? Set, bool Negated)
    {
        public bool Takes(char c) => Set is null || Contains(char.ToUpperInvariant(c)) != Negated;

        private bool Contains(char c)
        {
            for (var i = 0; i < Set!.Length; i++)
            {
                if (i + 2 < Set.Length && Set[i + 1] == '-')
                {
                    if (c >= Set[i] && c <= Set[i + 2])
                    {
                        return true;
                    }

                    i += 2;
                }
                else if (Set[i] == c)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
