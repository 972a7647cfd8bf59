package v1

// actions are the actions by name.
var actions = func() map[string]func() action {
	m := map[string]func() action{}
	add := func(name string, newAction func() action) { m[name] = newAction }
	add(actionOf[SendEmail]())
	add(actionOf[SendRawEmail]())
	add(actionOf[SendTemplatedEmail]())
	add(actionOf[SendBulkTemplatedEmail]())

	add(actionOf[GetSendQuota]())
	add(actionOf[GetSendStatistics]())
	add(actionOf[GetAccountSendingEnabled]())
	add(actionOf[UpdateAccountSendingEnabled]())

	add(actionOf[VerifyEmailIdentity]())
	add(actionOf[VerifyEmailAddress]())
	add(actionOf[VerifyDomainIdentity]())
	add(actionOf[DeleteIdentity]())
	add(actionOf[ListIdentities]())
	add(actionOf[GetIdentityVerificationAttributes]())
	add(actionOf[SetIdentityNotificationTopic]())
	add(actionOf[GetIdentityNotificationAttributes]())
	add(actionOf[SetIdentityHeadersInNotificationsEnabled]())
	add(actionOf[SetIdentityFeedbackForwardingEnabled]())

	add(actionOf[CreateConfigurationSet]())
	add(actionOf[DeleteConfigurationSet]())
	add(actionOf[DescribeConfigurationSet]())
	add(actionOf[ListConfigurationSets]())
	add(actionOf[UpdateConfigurationSetSendingEnabled]())
	add(actionOf[UpdateConfigurationSetReputationMetricsEnabled]())
	add(actionOf[PutConfigurationSetDeliveryOptions]())
	add(actionOf[CreateConfigurationSetEventDestination]())
	add(actionOf[UpdateConfigurationSetEventDestination]())
	add(actionOf[DeleteConfigurationSetEventDestination]())

	add(actionOf[CreateTemplate]())
	add(actionOf[GetTemplate]())
	add(actionOf[UpdateTemplate]())
	add(actionOf[ListTemplates]())
	add(actionOf[DeleteTemplate]())
	add(actionOf[TestRenderTemplate]())
	return m
}()
