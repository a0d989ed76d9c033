namespace Farwire.Events.Records;

/// <summary>Walks the attributes of one start tag, which the scanner has found to be well formed.</summary>
internal ref struct EventAttributes(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    public ReadOnlySpan<char> Name { get; private set; }

    public ReadOnlySpan<char> RawValue { get; private set; }

    public bool MoveNext()
    {
        while (true)
        {
            _rest = _rest.TrimStart();
            var nameLength = _rest.IndexOfAny(EventScanner.NameEnds);
            if (nameLength <= 0)
            {
                return false;
            }

            var name = _rest[..nameLength];
            _rest = _rest[(_rest.IndexOf('=') + 1)..].TrimStart();
            var length = _rest[1..].IndexOf(_rest[0]);
            RawValue = _rest.Slice(1, length);
            _rest = _rest[(length + 2)..];
            if (!name.StartsWith("xmlns"))
            {
                Name = EventScanner.WithoutPrefix(name);
                return true;
            }
        }
    }
}
