//! The places of the service by name.

/// A place that can be gone to. Each has one row in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the table says what each is")]
pub enum To {
    Log,
    SaveInquiry,
    SetOutcome,
    UndoInquiry,
    MaskNames,
    EditInquiry,
    Today,
    LogBatch,
    ChangeMessage,
    LogShell,
    Gaps,
    Gap,
    DecideGap,
    ShareGap,
    Shared,
    Feed,
    Views,
    ChangeViews,
    Account,
    ChangeAccount,
    Welcome,
    WelcomeForm,
    DoWelcome,
    Forgotten,
    DraftGap,
    Topics,
    MoveInquiries,
    Inquiries,
    ChangeInquiries,
    Topic,
    DecideTopic,
    Figures,
    FiguresFile,
    ListFile,
    Words,
    ChangeWords,
    WordsFile,
    LatestDigest,
    Digest,
    Letter,
    LetterForm,
    Readers,
    ChangeReaders,
    Stop,
    DoStop,
    Agree,
    DoAgree,
    Help,
    HelpTopic,
    SignIn,
    DoSignIn,
    SignInCode,
    DoSignInCode,
    SignInBy,
    CameBack,
    EndedByProvider,
    SignOutBy,
    Locked,
    Lock,
    Unlock,
    SecondStep,
    ChangeSecondStep,
    SignOut,
    Setup,
    DoSetup,
    SetLang,
    Organisation,
    SetOrganisation,
    Places,
    ChangePlaces,
    Sites,
    ChangeSites,
    Site,
    ChangeSite,
    SiteProgress,
    TryAddress,
    Look,
    People,
    ChangePeople,
    Person,
    ChangePerson,
    Tokens,
    ChangeTokens,
    Hooks,
    ChangeHooks,
    Jobs,
    ChangeJob,
    Retention,
    ChangeRetention,
    PersonalData,
    DecidePersonalData,
    Timing,
    Calls,
    ChangeCalls,
    Audit,
    AuditFile,
    System,
    Papers,
    Paper,
    Inspection,
    InspectionFile,
    Mail,
    SendMail,
    Licences,
    LicenceTexts,
    Bill,
    ApiLog,
    ApiAnswers,
    ApiSuggest,
    ApiSession,
    ApiBrowserKey,
    ApiSave,
    ApiOutcome,
    ApiUndo,
    ApiMaskNames,
    ApiTook,
    ApiPersonalData,
    ApiPublished,
    ApiGaps,
    ApiTopics,
    ApiInquiries,
    ApiInquiry,
    ApiChangeOwn,
    ApiChangeInquiries,
    ApiTopic,
    ApiDecideTopic,
    ApiGap,
    ApiStepGap,
    ApiDraftGap,
    ApiLinks,
    ApiMakeLink,
    ApiEndLink,
    ApiWords,
    ApiAddWord,
    ApiWord,
    ApiPutWord,
    ApiRemoveWord,
    ApiStepWord,
    ApiMessages,
    ApiPutMessage,
    ApiMessage,
    ApiEndMessage,
    ApiViews,
    ApiAddView,
    ApiView,
    ApiPutView,
    ApiRemoveView,
    ApiFigures,
    ApiDigest,
    ApiReaders,
    ApiAddReader,
    ApiReader,
    ApiStopReader,
    ApiRetryReader,
    ApiSettings,
    ApiPutSettings,
    ApiCodes,
    ApiPutCodes,
    ApiRetention,
    ApiPutRetention,
    ApiCountRetention,
    ApiPlaces,
    ApiChangePlaces,
    ApiSites,
    ApiAddSite,
    ApiSite,
    ApiPutSite,
    ApiRemoveSite,
    ApiStopSite,
    ApiJobs,
    ApiJob,
    ApiPutJob,
    ApiRunJob,
    ApiStopJob,
    ApiPeople,
    ApiPerson,
    ApiTokens,
    ApiMakeToken,
    ApiTakeToken,
    ApiHooks,
    ApiMakeHook,
    ApiHook,
    ApiRemoveHook,
    ApiRenewHook,
    ApiStepHook,
    ApiCalls,
    ApiPutCalls,
    ApiTakeCalls,
    ApiFindings,
    ApiDecideFinding,
    ApiAudit,
    ApiSystem,
    ApiToday,
    ApiLink,
    ApiImportWords,
    ApiStepView,
    ApiPutReader,
    ApiStepReader,
    ApiAddChat,
    ApiAnswerSite,
    ApiStartLook,
    ApiLook,
    ApiInvite,
    ApiChangePerson,
    ApiLinkPerson,
    ApiToken,
    ApiCallsTaken,
    ApiImportCalls,
    ApiMail,
    ApiTryMail,
    ApiTiming,
    ApiInspection,
    ApiDescription,
    Interface,
    ServiceWorker,
    Manifest,
    Asset,
    Live,
    Ready,
    Metrics,
    Health,
}

impl To {
    /// Whether it can be gone to while the views are being made: what signing in and logging
    /// need, and what tells how far it has come. Not setting up: who is added then can sign in
    /// only once the views have it.
    pub const fn is_open_at_once(self) -> bool {
        matches!(
            self,
            Self::Log
                | Self::SaveInquiry
                | Self::LogShell
                | Self::Help
                | Self::HelpTopic
                | Self::SignIn
                | Self::DoSignIn
                | Self::SignOut
                | Self::SetLang
                | Self::ApiLog
                | Self::ApiAnswers
                | Self::ApiSuggest
                | Self::ApiSession
                | Self::ApiBrowserKey
                | Self::ApiSave
                | Self::ApiTook
                | Self::ApiPersonalData
                | Self::ApiPublished
                | Self::ApiDescription
                | Self::ServiceWorker
                | Self::Manifest
                | Self::Asset
                | Self::Live
                | Self::Ready
                | Self::Health
                | Self::SignInCode
                | Self::DoSignInCode
                | Self::SignInBy
                | Self::CameBack
                | Self::EndedByProvider
                | Self::SignOutBy
                | Self::Locked
                | Self::Lock
                | Self::Unlock
                | Self::Metrics
        )
    }

    /// Whether its address is a secret: whoever asks for one that leads nowhere may be guessing.
    pub const fn is_secret_address(self) -> bool {
        matches!(
            self,
            Self::Welcome
                | Self::DoWelcome
                | Self::Shared
                | Self::Feed
                | Self::Stop
                | Self::DoStop
                | Self::Agree
                | Self::DoAgree
        )
    }

    /// Whether it is open to whoever must set up a second step first.
    pub const fn sets_up_code(self) -> bool {
        matches!(self, Self::SecondStep | Self::ChangeSecondStep)
    }

    /// Whether it keeps something new, so that it is refused while the disk is full. Whoever is
    /// to make room must be able to sign in; the log screen gives what was typed back by itself.
    pub const fn needs_room(self) -> bool {
        !matches!(
            self,
            Self::SaveInquiry
                | Self::DoSignIn
                | Self::SignOut
                | Self::EndedByProvider
                | Self::SetLang
                | Self::ApiAnswers
                | Self::ApiSuggest
                | Self::ApiPersonalData
                | Self::DoSignInCode
                | Self::Lock
                | Self::Unlock
        )
    }
}
