namespace Farwire.Fuzz;

/// <summary>Breaks inputs that were whole, the same way for the same seed.</summary>
/// <param name="corpus">What was whole.</param>
/// <param name="dictionary">Pieces that mean something to the reader under test.</param>
/// <param name="seed">Where the run begins.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, IReadOnlyList<byte[]> dictionary, int seed)
{
    private const int MaxLength = 64 * 1024;

    private readonly Random _random = new(seed);

    /// <summary>The next broken input.</summary>
    public byte[] Next()
    {
        var input = new List<byte>(corpus[_random.Next(corpus.Count)]);
        for (var change = _random.Next(1, 4); change > 0; change--)
        {
            Change(input);
        }

        return input.Count <= MaxLength ? [.. input] : [.. input.GetRange(0, MaxLength)];
    }

    private void Change(List<byte> input)
    {
        var at = _random.Next(input.Count + 1);
        switch (_random.Next(8))
        {
            case 0 when at < input.Count: // one byte
                input[at] = (byte)_random.Next(256);
                break;
            case 1 or 2: // a piece with a meaning
                input.InsertRange(at, dictionary[_random.Next(dictionary.Count)]);
                break;
            case 3: // something missing
                input.RemoveRange(at, Math.Min(_random.Next(1, 80), input.Count - at));
                break;
            case 4: // something twice, or very often
                var piece = input.GetRange(at, Math.Min(_random.Next(1, 40), input.Count - at));
                for (var times = _random.Next(10) == 0 ? _random.Next(2, 200) : 1; times > 0; times--)
                {
                    input.InsertRange(at, piece);
                }

                break;
            case 5: // torn off
                input.RemoveRange(at, input.Count - at);
                break;
            case 6: // the end of another one
                var other = corpus[_random.Next(corpus.Count)];
                input.RemoveRange(at, input.Count - at);
                input.AddRange(other.AsSpan(Math.Min(at, other.Length)));
                break;
            default: // two bytes changed for each other
                if (input.Count > 1)
                {
                    var to = _random.Next(input.Count);
                    var from = Math.Min(at, input.Count - 1);
                    (input[from], input[to]) = (input[to], input[from]);
                }

                break;
        }
    }
}
