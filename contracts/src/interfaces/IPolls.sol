// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Polls on papers
/// @notice Polls with the same opening, close and time of weights are on one paper, as long as there is room. An option's
/// number is its place in the list, from 1; 0 is no option.
interface IPolls {
    enum Kind {
        Single,
        Approval,
        Ranked
    }

    /// What more than half is of. A run-off must name it: `Participating` are all who chose, also those whose options are
    /// all out; `Active` are those who still have an option in. Elsewhere the two are the same, and `None` asks for no
    /// more than the most votes.
    enum Majority {
        None,
        Participating,
        Active
    }

    enum Verdict {
        Elected,
        NoVotes,
        TooFewVotes,
        Tie,
        NoMajority
    }

    /// @param minimum votes, with those of who abstain, without which nothing is elected
    /// @param fallback_ option that wins when none is elected, 0 for none
    /// @param body the exact text, kept in the event; its hash is kept by the contract
    /// @param multihash where the text is kept too, for example a CID; may be empty
    struct PollParams {
        Kind kind;
        Majority majority;
        uint96 minimum;
        uint8 fallback_;
        string title;
        string body;
        string multihash;
        string[] options;
    }

    /// @param content keccak256 of the body
    /// @param title keccak256 of the title, as papers carry it
    /// @param options keccak256 of each label
    struct PollRecord {
        uint256 paper;
        address author;
        bool isWithdrawn;
        Kind kind;
        Majority majority;
        uint96 minimum;
        uint8 fallback_;
        bytes32 content;
        bytes32 title;
        bytes32[] options;
    }

    /// @param opens answers are taken after it; the votes at this time count unless `isAtClose`
    /// @param closes the last second in which answers are taken
    /// @param isWeighed of a paper weighed at the close, whether that is done
    /// @param seatBits bits of a mark
    /// @param polls in the order of the answers
    struct PaperRecord {
        uint48 opens;
        uint48 closes;
        bool isAtClose;
        bool isWeighed;
        uint256 seatBits;
        uint256[] polls;
    }

    event PollOpened(
        uint256 indexed paper,
        uint256 indexed poll,
        address indexed author,
        uint48 opens,
        uint48 closes,
        bool isAtClose,
        PollParams params
    );
    event PollWithdrawn(uint256 indexed paper, uint256 indexed poll);

    error UnknownPoll();
    error UnknownPaper();
    error PaperNotOpen();
    error PaperOpen();
    error PaperFull();
    error NoPolls();
    error NotAuthor();
    error TooFewVotes();
    error BadTitle();
    error BadBody();
    error BadOptions();
    error BadRules();
    error BadTimes();

    /// @notice Opens polls on the paper of these times, or on a new one.
    /// @param opens now at the earliest
    function open(
        PollParams[] calldata list,
        uint48 opens,
        uint48 closes,
        bool isAtClose
    ) external returns (uint256 paper, uint256 firstPoll);

    /// @notice Takes a poll off its paper before the opening; by its author.
    function withdraw(uint256 poll) external;

    /// @notice How many polls and papers there are; the newest of each.
    function polls() external view returns (uint256);
    function papers() external view returns (uint256);

    function pollRecord(uint256 poll) external view returns (PollRecord memory);
    function paperRecord(uint256 paper) external view returns (PaperRecord memory);

    /// @return votes by option; of a ranked poll first choices
    /// @return participating votes of all who chose
    /// @return abstained votes of all who abstained
    function tally(
        uint256 poll
    ) external view returns (uint256[] memory votes, uint256 participating, uint256 abstained);

    /// @notice Every ranking that was ever given, 4 bits an option from the first choice on, and its votes.
    function rankings(uint256 poll) external view returns (uint256[] memory list, uint256[] memory votes);

    /// @notice The rounds of a ranked poll.
    /// @return winner 0 when nobody has more than half
    /// @return rounds votes by option in each round
    function runOff(uint256 poll) external view returns (uint256 winner, uint256[][] memory rounds);

    /// @notice What the poll comes to.
    /// @param winner the elected option, else the fallback
    /// @param isFinal whether it may not change any more
    function outcome(uint256 poll) external view returns (uint256 winner, Verdict verdict, bool isFinal);
}
