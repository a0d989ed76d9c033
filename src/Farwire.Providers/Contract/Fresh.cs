namespace Farwire.Providers.Host;

/// <summary>A costly fact, looked up again when it is older than a second.</summary>
internal sealed class Fresh<T>(TimeProvider time, Func<T> lookUp)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(900);

    private Fact? _fact;

    public T Value
    {
        get
        {
            var fact = Volatile.Read(ref _fact);
            if (fact is null || time.GetElapsedTime(fact.Found) >= MaxAge)
            {
                fact = new Fact(lookUp(), time.GetTimestamp());
                Volatile.Write(ref _fact, fact);
            }

            return fact.Value;
        }
    }

    private sealed record Fact(T Value, long Found);
}
