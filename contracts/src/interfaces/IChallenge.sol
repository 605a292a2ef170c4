// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A challenge: an escrow that sponsors fill, split into tasks, each done by a DAO, and put together again
/// @notice Tasks are numbered from 0; the last puts the others together and hands in their manifest. Who acts for a DAO is what
/// the Global DAO says. Nothing is ever sent, everything is credited and then withdrawn. Whatever time alone decides, anyone
/// may carry out: `poke` for the challenge, `pokeTask` for a task.
interface IChallenge {
    /// Funding → Planning → Working → Done; or Cancelled before there is a plan, Expired after.
    enum State {
        None,
        Funding,
        Planning,
        Working,
        Done,
        Cancelled,
        Expired
    }

    /// Waiting for the tasks it depends on → Bidding → Assigned → Committed → Delivered → (Rating → Revealing) → Accepted;
    /// late or rejected work goes to the next bidder, or to Bidding again, or after the last round to Failed.
    enum TaskState {
        Waiting,
        Bidding,
        Assigned,
        Committed,
        Delivered,
        Rating,
        Revealing,
        Accepted,
        Failed
    }

    /// @param fundingUntil the goal must be reached by then
    /// @param deadline no task begins that cannot be delivered by then
    /// @param planningTime from the goal to the end of planning
    /// @param biddingTime each task is open for bids
    /// @param revealTime from a commitment to the last moment of its reveal
    /// @param reviewTime in which a delivery may be objected to
    /// @param ratingTime to commit ratings, and as long again to reveal them
    struct Terms {
        uint48 fundingUntil;
        uint48 deadline;
        uint32 planningTime;
        uint32 biddingTime;
        uint32 revealTime;
        uint32 reviewTime;
        uint32 ratingTime;
    }

    /// @param title what is to be done
    /// @param acceptance when it counts as done
    /// @param domain a domain of the Global DAO
    /// @param weight share of the budget in basis points; all sum to 10,000
    /// @param dependencies bit i: task i, an earlier one, must be accepted before
    /// @param covers bit i: requirement i of the challenge
    /// @param workTime from assignment to the last moment of delivery
    /// @param minStake of a bid; never less than a quarter of what the task pays
    struct TaskSpec {
        string title;
        string acceptance;
        bytes32 domain;
        uint16 weight;
        uint32 dependencies;
        uint32 covers;
        uint32 workTime;
        uint128 minStake;
    }

    /// @param round assignments so far
    /// @param rating of the last rated delivery; `rated` says whether there was one
    /// @param settled whether its assignee's open task is closed
    /// @param returned whether sponsors had it rated once more
    /// @param session counts the ratings and the manifests of the task
    /// @param until when time alone changes the state, 0 when it does not
    /// @param payer to whom the assignee's stake goes back
    /// @param deliverable its hash, or the commitment while that is not shown
    struct Task {
        TaskState state;
        uint8 round;
        uint8 rating;
        bool rated;
        bool settled;
        bool returned;
        uint8 session;
        uint16 weight;
        uint32 dependencies;
        uint32 workTime;
        uint48 until;
        uint48 committedAt;
        bytes32 domain;
        uint128 minStake;
        uint128 payout;
        uint64 assignee;
        uint128 stake;
        address payer;
        bytes32 deliverable;
        address objector;
        uint96 bond;
    }

    /// @param approved by how much of the funding
    /// @param spam called spam by how much of the funding
    /// @param open whether its bond is still held
    struct Plan {
        address author;
        bytes32 hash;
        uint256 bond;
        uint256 approved;
        uint256 spam;
        bool open;
    }

    /// @param worth what the bid is worth before it is divided by 1 + open tasks
    /// @param payer to whom the stake goes back
    struct Bid {
        uint64 dao;
        uint128 stake;
        address payer;
        uint256 worth;
    }

    /// @param contributors Auto ID << 16 | share in basis points, ascending, up to 16
    struct Delivery {
        bytes32 deliverable;
        string cid;
        uint256[] contributors;
        bytes32 salt;
    }

    /// @param dao that it was given for, 0 for a sponsor
    struct Review {
        address reviewer;
        uint64 dao;
        uint16 weight;
        uint8 rating;
        bool revealed;
        bytes32 commitment;
    }

    /// Why something was credited.
    enum Reason {
        Payout,
        Fee,
        Stake,
        Bond,
        Slash
    }

    event StateChanged(State state, uint256 until);
    event Funded(address indexed sponsor, uint256 amount, uint256 total);
    event PlanProposed(uint256 indexed plan, address indexed author, uint256 bond, string summary, TaskSpec[] tasks);
    event PlanJudged(uint256 indexed plan, address indexed sponsor, bool approved, uint256 weight);
    event PlanRejected(uint256 indexed plan);
    event PlanAdopted(uint256 indexed plan, uint256 budget, uint256 taskCount);
    event BiddingOpened(uint256 indexed task, uint256 until);
    event BidPlaced(uint256 indexed task, uint256 indexed dao, uint256 stake, uint256 worth);
    event BidWithdrawn(uint256 indexed task, uint256 indexed dao, uint256 stake);
    event TaskAssigned(uint256 indexed task, uint256 indexed dao, uint256 round, uint256 score, uint256 dueAt);
    event DeliveryCommitted(uint256 indexed task, uint256 indexed dao, bytes32 commitment, uint256 revealUntil);
    event Delivered(
        uint256 indexed task,
        uint256 indexed dao,
        bytes32 deliverable,
        string cid,
        uint256[] contributors,
        uint256 reviewUntil
    );
    event ManifestSubmitted(bytes32 indexed root, uint256 parts);
    event Objected(uint256 indexed task, address indexed objector, uint256 bond, string reason, uint256 commitUntil);
    event RatingCommitted(
        uint256 indexed task, address indexed reviewer, uint256 dao, uint256 weight, bytes32 commitment
    );
    event RevealOpened(uint256 indexed task, uint256 until);
    event RatingRevealed(uint256 indexed task, address indexed reviewer, uint256 dao, uint8 rating, string reason);
    /// @param rated whether anyone objected and reviewers spoke; else `rating` says nothing
    event TaskAccepted(uint256 indexed task, uint256 indexed dao, bool rated, uint8 rating);
    event TaskRejected(uint256 indexed task, uint256 indexed dao, uint8 rating, uint256 slashed);
    event TaskLate(uint256 indexed task, uint256 indexed dao, uint256 slashed);
    event TaskFailed(uint256 indexed task);
    /// @param returned tasks to be rated once more, as bits; 0 accepts
    event ManifestJudged(address indexed sponsor, uint256 weight, uint32 returned, string reason);
    event TasksReturned(uint32 tasks);
    event Credited(address indexed account, Reason indexed reason, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);
    event Refunded(address indexed sponsor, uint256 amount);
    event Reclaimed(address indexed account, uint256 amount);

    error WrongState();
    error TooEarly();
    error TooLate();
    error NothingDue();
    error BadTerms();
    error BadGoal();
    error BadRequirements();
    error BadAmount();
    error TokenTakesFee();
    error NotASponsor();
    error NotForThisDao();
    error UnknownPlan();
    error UnknownTask();
    error BadTaskCount();
    error BadTitle();
    error BadWeights();
    error BadDependencies();
    error RequirementNotCovered();
    error UnknownDomain();
    error BadWorkTime();
    error AlreadyJudged();
    error WrongTasks();
    error NotApproved();
    error PlanClosed();
    error StakeTooLow();
    error NotInDomain();
    error AlreadyBid();
    error NoBid();
    error BidTooLow();
    error FailedBefore();
    error BadCommitment();
    error BadContributors();
    error BadDelivery();
    error NotAReviewer();
    error AlreadyRated();
    error BadRating();
    error BadReturn();
    error NothingToWithdraw();
    error NotOver();

    /// @notice Puts money into the escrow; the amount must arrive in full. At the goal planning begins.
    function fund(uint256 amount) external;

    /// @notice Proposes a plan with the bond `planBond()`; anyone may, several may be proposed.
    function proposePlan(string calldata summary, TaskSpec[] calldata tasks) external returns (uint256 plan);

    /// @notice Says that a plan is good, or that it is spam, with the weight of what the caller has funded.
    function judgePlan(uint256 plan, bool approve) external;

    /// @notice Adopts a plan that more than half of the funding approved; by anyone, with the tasks as they were proposed.
    function adoptPlan(uint256 plan, TaskSpec[] calldata tasks) external;

    /// @notice Gives the author of a plan that was neither adopted nor rejected the bond back, when planning is over; by anyone.
    function returnBond(uint256 plan) external;

    /// @notice Bids for a task for a DAO. The best 16 are kept; who is pushed out gets the stake back.
    function bid(uint256 task, uint256 dao, uint256 stake) external;

    /// @notice Takes a bid back that was not chosen. By who acts for the DAO; by anyone when the task is over.
    function withdrawBid(uint256 task, uint256 dao) external;

    /// @notice Commits to a delivery, before the due time: `commitmentOf` its contents. By who acts for the assignee.
    function commitDelivery(uint256 task, bytes32 commitment) external;

    /// @notice Shows what was committed to, in a later second.
    function revealDelivery(uint256 task, Delivery calldata delivery) external;

    /// @notice Objects to a delivery with the bond `objectionBond(task)`; reviewers then rate it.
    function object(uint256 task, string calldata reason) external;

    /// @notice Commits to a rating as a sponsor (dao 0) or for a DAO that has reputation in the domain: `ratingCommitmentOf`.
    function commitRating(uint256 task, uint256 dao, bytes32 commitment) external;

    /// @notice Shows a rating from 0 to 100.
    function revealRating(uint256 task, uint256 dao, uint8 rating, string calldata reason, bytes32 salt) external;

    /// @notice Accepts the whole (0), or returns tasks of it to be rated once more; with the weight of what the caller funded.
    function judgeManifest(uint32 returned, string calldata reason) external;

    /// @notice Moves a task on where time has decided: opens the bids, assigns, finds late, accepts, counts ratings.
    function pokeTask(uint256 task) external;

    /// @notice Moves the challenge on where time has decided: cancels without money or plan, expires after the deadline.
    function poke() external;

    /// @notice Sends an account what it was credited; by anyone, so that a DAO need not decide about it.
    function withdraw(address account) external returns (uint256 amount);

    /// @notice Pays a sponsor their part of what was not spent; by anyone, once the challenge is over.
    function refund(address sponsor) external returns (uint256 amount);

    /// @notice Gives what an account has not withdrawn a year after the end to the sponsors; by anyone.
    function reclaim(address account) external;

    function globalDao() external view returns (address);

    function token() external view returns (address);

    function state() external view returns (State);

    /// @notice When time alone changes the state of the challenge, 0 when it does not.
    function until() external view returns (uint256);

    function terms() external view returns (Terms memory);

    function goal() external view returns (uint256);

    function funded() external view returns (uint256);

    function fundedBy(address sponsor) external view returns (uint256);

    function planBond() external view returns (uint256);

    function planCount() external view returns (uint256);

    function planAt(uint256 plan) external view returns (Plan memory);

    function adoptedPlan() external view returns (uint256);

    function taskCount() external view returns (uint256);

    function taskAt(uint256 task) external view returns (Task memory);

    function bidsOf(uint256 task) external view returns (Bid[] memory);

    /// @notice What a bid would score if it were allocated now.
    function scoreOf(uint256 task, uint256 dao, uint256 stake) external view returns (uint256);

    function objectionBond(uint256 task) external view returns (uint256);

    /// @notice Weight in basis points with which a sponsor (dao 0) or the account of a DAO could rate the delivery, 0 when it may not: the author, its contributors, the objector
    /// and who still bids for the task may never.
    function reviewWeight(uint256 task, address reviewer, uint256 dao) external view returns (uint256);

    function commitmentOf(uint256 task, uint256 dao, Delivery calldata delivery) external view returns (bytes32);

    function ratingCommitmentOf(uint256 task, uint256 dao, address reviewer, uint8 rating, bytes32 salt)
        external
        view
        returns (bytes32);

    /// @notice Merkle root over (task, deliverable) of all tasks but the last, as accepted so far.
    function manifestRoot() external view returns (bytes32);

    /// @notice Whether a deliverable is part of the manifest that was handed in.
    function isPart(uint256 task, bytes32 deliverable, bytes32[] calldata proof) external view returns (bool);

    /// @notice What an account may withdraw.
    function creditOf(address account) external view returns (uint256);

    /// @notice What `refund` would pay a sponsor now.
    function refundOf(address sponsor) external view returns (uint256);
}
