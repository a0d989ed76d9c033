using System.Globalization;

namespace Farwire.Service.Access;

/// <summary>From the text form to a descriptor. Entries that this service cannot judge are refused, never passed over.</summary>
/// <remarks>
/// MS-DTYP, "Security Descriptor Description Language":
/// <c>O:owner G:group D:flags(type;flags;rights;object;inherited object;trustee)… S:flags(…)…</c>; each part once, in any order, letters in any case.
/// </remarks>
internal ref struct SddlReader(string text)
{
    /// <summary>Characters that a descriptor may have.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MaxEntries = 1000;

    private readonly string _text = text;
    private int _at;

    public SecurityDescriptor Read()
    {
        if (_text.Length > MaxLength)
        {
            throw new SddlException($"A security descriptor has at most {MaxLength} characters; this one has {_text.Length}.");
        }

        Trustee? owner = null, group = null;
        List<AccessControlEntry>? access = null, audit = null;
        for (SkipBlanks(); _at < _text.Length; SkipBlanks())
        {
            var part = char.ToUpperInvariant(_text[_at]);
            if (_at + 1 >= _text.Length || _text[_at + 1] != ':')
            {
                throw Wrong("O:, G:, D: or S: is expected");
            }

            _at += 2;
            switch (part)
            {
                case 'O' when owner is null: owner = ReadTrustee(TrusteeText()); break;
                case 'G' when group is null: group = ReadTrustee(TrusteeText()); break;
                case 'D' when access is null: access = ReadList(isAudit: false); break;
                case 'S' when audit is null: audit = ReadList(isAudit: true); break;
                case 'O' or 'G' or 'D' or 'S': throw Wrong($"{part}: stands here a second time");
                default: throw Wrong("O:, G:, D: or S: is expected");
            }
        }

        return access is not null
            ? new SecurityDescriptor(_text, owner, group, access, audit ?? [])
            : throw new SddlException("A security descriptor needs a DACL, which begins with 'D:'; without one nobody could be refused.");
    }

    private List<AccessControlEntry> ReadList(bool isAudit)
    {
        ReadListFlags();
        var entries = new List<AccessControlEntry>();
        for (SkipBlanks(); _at < _text.Length && _text[_at] == '('; SkipBlanks())
        {
            if (entries.Count == MaxEntries)
            {
                throw Wrong($"a list has at most {MaxEntries} entries");
            }

            entries.Add(ReadEntry(isAudit));
        }

        return entries;
    }

    // P, AR and AI say how parents are inherited from; nothing here has a parent.
    private void ReadListFlags()
    {
        for (SkipBlanks(); _at < _text.Length && _text[_at] != '(' && !(_at + 1 < _text.Length && _text[_at + 1] == ':'); SkipBlanks())
        {
            if (Take("AR") || Take("AI") || Take("P"))
            {
                continue;
            }

            throw Wrong(_text.AsSpan(_at).StartsWith("NO_ACCESS_CONTROL", StringComparison.OrdinalIgnoreCase) ? "NO_ACCESS_CONTROL would open everything to everybody" : "one of the flags P, AR, AI, or an entry in parentheses is expected");
        }
    }

    private AccessControlEntry ReadEntry(bool isAudit)
    {
        var end = _text.IndexOf(')', _at);
        if (end < 0)
        {
            throw Wrong("the closing parenthesis is missing");
        }

        var fields = _text[(_at + 1)..end].Split(';', StringSplitOptions.TrimEntries);
        if (fields.Length != 6)
        {
            throw Wrong("an entry has six fields: type;flags;rights;object;inherited object;trustee");
        }

        var kind = fields[0].ToUpperInvariant() switch
        {
            "A" when !isAudit => AccessControlEntryKind.Allow,
            "D" when !isAudit => AccessControlEntryKind.Deny,
            "AU" when isAudit => AccessControlEntryKind.Audit,
            var other => throw Wrong(isAudit ? $"'{other}' is not a type for S:, which takes AU" : $"'{other}' is not a type for D:, which takes A and D"),
        };
        if (fields[3].Length > 0 || fields[4].Length > 0)
        {
            throw Wrong("object types belong to directories, not to resources");
        }

        var flags = AccessControlEntryFlags.None;
        foreach (var word in Words(fields[1]))
        {
            flags |= SddlNames.Flags.TryGetValue(word, out var flag) ? flag : throw Wrong($"'{word}' is not a flag");
        }

        if (isAudit && (flags & (AccessControlEntryFlags.AuditSuccess | AccessControlEntryFlags.AuditFailure)) == 0)
        {
            throw Wrong("an audit entry needs SA, FA or both");
        }

        var entry = new AccessControlEntry(kind, flags, ReadRights(fields[2]), ReadTrustee(fields[5]));
        _at = end + 1;
        return entry;
    }

    private readonly uint ReadRights(string text)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var mask)
                ? mask
                : throw Wrong($"'{text}' is not a mask of 32 bits");
        }

        if (text.Length > 0 && char.IsAsciiDigit(text[0]))
        {
            return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var mask) ? mask : throw Wrong($"'{text}' is not a mask of 32 bits");
        }

        uint rights = 0;
        foreach (var word in Words(text))
        {
            rights |= SddlNames.Rights.TryGetValue(word, out var right) ? right : throw Wrong($"'{word}' is not a right");
        }

        return rights;
    }

    private readonly Trustee ReadTrustee(string text)
    {
        if (Sid.TryParse(text, out var sid))
        {
            return new Trustee(text, sid, null);
        }

        var alias = text.ToUpperInvariant();
        if (SddlNames.WellKnown.TryGetValue(alias, out var known) && Sid.TryParse(known, out sid))
        {
            return new Trustee(alias, sid, null);
        }

        return SddlNames.DomainRelative.TryGetValue(alias, out var rid)
            ? new Trustee(alias, null, rid)
            : throw Wrong($"'{text}' is neither a SID nor one of the known two letters");
    }

    // A SID, or two letters.
    private string TrusteeText()
    {
        SkipBlanks();
        var start = _at;
        if (_at + 1 < _text.Length && _text[_at] is 'S' or 's' && _text[_at + 1] == '-')
        {
            while (_at < _text.Length && (char.IsAsciiHexDigit(_text[_at]) || _text[_at] is '-' or 'S' or 's' or 'x' or 'X') && !(_at + 1 < _text.Length && _text[_at + 1] == ':'))
            {
                _at++;
            }
        }
        else
        {
            _at = Math.Min(_at + 2, _text.Length);
        }

        return _text[start.._at];
    }

    private readonly IEnumerable<string> Words(string text) => text.Length % 2 == 0
        ? Enumerable.Range(0, text.Length / 2).Select(i => text.Substring(i * 2, 2).ToUpperInvariant())
        : throw Wrong($"'{text}' is not made of words of two letters");

    private bool Take(string word)
    {
        if (!_text.AsSpan(_at).StartsWith(word, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        _at += word.Length;
        return true;
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private readonly SddlException Wrong(string what) => new($"The security descriptor is wrong at character {_at + 1}: {what}.");
}
