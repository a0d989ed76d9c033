namespace Farwire.Fuzz;

/// <summary>Every reader that is broken into.</summary>
public static class Targets
{
    public static IReadOnlyList<Func<FuzzTarget>> All { get; } =
    [
        () => new EnvelopeTarget(), () => new MofTarget(), () => new WqlTarget(), () => new HashTarget(),
        () => new NtlmTarget(), () => new SpnegoTarget(), () => new CredSspTarget(), () => new SealedTarget(), () => new DigestTarget(), () => new DigestAnswerTarget(),
        () => new ClixmlTarget(), () => new FragmentTarget(), () => new PacTarget(), () => new SddlTarget(), () => new BrokerTarget(),
    ];
}
