using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Messages;

namespace Farwire.Client.PowerShell;

/// <summary>Carries calls of scripts to the host, and its answers back.</summary>
/// <remarks>MS-PSRP, "PIPELINE_HOST_CALL Message", "PIPELINE_HOST_RESPONSE Message" and the same of the pool.</remarks>
internal static class HostCalls
{
    /// <summary>The id of calls that want no answer.</summary>
    private const long NoAnswer = -100;

    public static async Task AnswerAsync(RunspacePool pool, RemoteObject? data, MessageType answerType, Guid pipelineId, CancellationToken cancellationToken)
    {
        if (data?["ci"] is not long id || data["mi"] is not RemoteObject { Value: int method } name || data["mp"] is not RemoteObject { Value: RemoteList parameters })
        {
            throw new PowerShellProtocolException("A host call has no id, method or parameters.");
        }

        var call = new HostCall(method, name.Text ?? "", parameters);
        (string Name, object? Value)? answer = null;
        try
        {
            var result = pool.Settings.Host is { } host ? await host.AnswerAsync(call, cancellationToken).ConfigureAwait(false) : throw new NotSupportedException("nobody is there to ask.");
            answer = result is null ? null : ("mr", await SendableAsync(pool, result, cancellationToken).ConfigureAwait(false));
        }
        catch (NotSupportedException e)
        {
            answer = ("me", Error(call, e.Message)); // a call that wants no answer has no way to fail
        }

        if (id == NoAnswer)
        {
            return;
        }

        var response = RemoteObject.Bag(("ci", id), ("mi", name));
        if (answer is var (property, value))
        {
            response.Extended!.Add(property, value);
        }

        await pool.SendAsync("pr", null, answerType, pipelineId, ClixmlWriter.Write(response), cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<object> SendableAsync(RunspacePool pool, object result, CancellationToken cancellationToken) => result switch
    {
        Secret secret => await pool.SealAsync(secret.Text, cancellationToken).ConfigureAwait(false),
        Credential credential => new RemoteObject
        {
            TypeNames = ["System.Management.Automation.PSCredential", "System.Object"],
            Text = "System.Management.Automation.PSCredential",
            Adapted = PropertyBag.Of(
                ("UserName", credential.UserName), ("Password", await pool.SealAsync(credential.Password.Text, cancellationToken).ConfigureAwait(false))),
        },
        RemoteObject { Value: RemoteDictionary fields } answers => new RemoteObject { Value = await FieldsAsync(pool, fields, cancellationToken).ConfigureAwait(false), HasValue = true, TypeNames = answers.TypeNames },
        _ => result,
    };

    // The answers of a prompt with several fields; each may be a secret.
    private static async ValueTask<RemoteDictionary> FieldsAsync(RunspacePool pool, RemoteDictionary fields, CancellationToken cancellationToken)
    {
        var sendable = new RemoteDictionary();
        foreach (var (name, value) in fields)
        {
            sendable.Add(name, value is null ? null : await SendableAsync(pool, value, cancellationToken).ConfigureAwait(false));
        }

        return sendable;
    }

    // In the order in which PowerShell writes an error record.
    private static RemoteObject Error(HostCall call, string why)
    {
        var message = $"The host of this session cannot do {call.Name}: {why}";
        return new RemoteObject
        {
            TypeNames = ["System.Management.Automation.ErrorRecord", "System.Object"],
            Text = message,
            Extended = PropertyBag.Of(
                ("Exception", new RemoteObject
                {
                    TypeNames = ["System.NotImplementedException", "System.SystemException", "System.Exception", "System.Object"],
                    Text = message,
                    Adapted = PropertyBag.Of(("Message", message)),
                }),
                ("TargetObject", null),
                ("FullyQualifiedErrorId", "HostFunctionNotImplemented"),
                ("InvocationInfo", null),
                ("ErrorCategory_Category", 2),
                ("ErrorCategory_Activity", call.Name),
                ("ErrorCategory_Reason", "NotImplementedException"),
                ("ErrorCategory_TargetName", ""),
                ("ErrorCategory_TargetType", ""),
                ("ErrorCategory_Message", message),
                ("SerializeExtendedInfo", false)),
        };
    }
}
