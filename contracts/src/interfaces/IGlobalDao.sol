// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChallenge} from "./IChallenge.sol";

/// @title Global DAO: which DAOs take part, what each is known for, and the challenges they solve together
/// @notice DAOs are dense numbers from 1. A DAO is the account that acts for it (its timelock or executor) and, if that account
/// says so, one executive. Reputation is per domain, cannot be moved, halves every 90 days, and only challenges made here write it.
interface IGlobalDao {
    /// @param title in words, for a card
    /// @param text the challenge itself, or a link to it
    /// @param requirements what a solution has to do, up to 32; every plan must cover each
    /// @param token a listed ERC-20 in which everything is paid
    /// @param goal amount at which planning begins
    struct ChallengeParams {
        string title;
        string text;
        string[] requirements;
        address token;
        uint256 goal;
        IChallenge.Terms terms;
        bytes32 salt;
    }

    /// @param account acts for the DAO and receives what it earns
    /// @param executive may act too; zero for none
    /// @param openTasks assigned and not yet settled, in all challenges
    /// @param settledTasks settled ever, well or badly
    /// @param declaredAt when its domains were last declared
    struct Dao {
        address account;
        address executive;
        uint32 openTasks;
        uint32 settledTasks;
        uint48 declaredAt;
        string name;
    }

    event DaoJoined(uint256 indexed dao, address indexed account, string name);
    event ExecutiveNamed(uint256 indexed dao, address indexed executive);
    event DomainsDeclared(uint256 indexed dao, bytes32[] domains, uint8[] points);
    event DomainAdded(bytes32 indexed domain, bytes32 indexed parent);
    event TokenListed(address indexed token, uint256 unit);
    event CuratorOffered(address indexed curator);
    event CuratorChanged(address indexed curator);
    event TreasuryChanged(address indexed treasury);
    event ReputationChanged(uint256 indexed dao, bytes32 indexed domain, int256 change, uint256 reputation);
    event StandingChanged(address indexed reviewer, uint256 standing);
    event ChallengeCreated(
        uint256 indexed id,
        address indexed challenge,
        address indexed creator,
        address token,
        uint256 goal,
        IChallenge.Terms terms,
        string title,
        string text,
        string[] requirements
    );

    error NotCurator();
    error NotAChallenge();
    error NotForThisDao();
    error UnknownDao();
    error AlreadyJoined();
    error BadName();
    error UnknownDomain();
    error DomainExists();
    error DomainTooDeep();
    error BadDeclaration();
    error DeclaredTooSoon();
    error TokenNotListed();
    error BadToken();
    error BadUnit();
    error BadTreasury();
    error NoLongerYoung();
    error AlreadyVouched();

    /// @notice Joins as the DAO that the caller acts for: its timelock or executor. An account joins once.
    function join(string calldata name, bytes32[] calldata domains, uint8[] calldata points)
        external
        returns (uint256 dao);

    /// @notice Names who may act beside the account, zero for nobody; by the account.
    function nameExecutive(uint256 dao, address executive) external;

    /// @notice Declares up to 8 domains with interest; the points of all sum to at most 100. Once in 7 days.
    function declareDomains(uint256 dao, bytes32[] calldata domains, uint8[] calldata points) external;

    /// @notice Makes a challenge; its address depends on the creator and the salt.
    function createChallenge(ChallengeParams calldata p) external returns (uint256 id, address challenge);

    /// @notice Where `createChallenge` by this creator with this salt will put it.
    function predictChallenge(address creator, bytes32 salt) external view returns (address);

    /// @notice Reverts with what is wrong with a plan for a challenge of so many requirements.
    function checkPlan(IChallenge.TaskSpec[] calldata tasks, uint256 requirements) external view;

    /// @notice Adds a domain under a parent, zero for none; by the curator.
    function addDomain(bytes32 domain, bytes32 parent) external;

    /// @notice Lists a token and how much of it is one unit of account (reputation 1,000); by the curator.
    function listToken(address token, uint256 unit) external;

    /// @notice Sets where fees and the treasury's part of slashes go; by the curator.
    function setTreasury(address treasury) external;

    /// @notice Offers the role of curator; it passes when the other accepts.
    function offerCurator(address next) external;

    function acceptCurator() external;

    /// @notice Counts a task as open for a DAO; by a challenge.
    function taskAssigned(uint256 dao) external;

    /// @notice Closes an open task and moves reputation in its domain, and half as much in each parent; by a challenge.
    function taskSettled(uint256 dao, bytes32 domain, int256 change) external;

    /// @notice Takes reputation without closing a task, when accepted work is rejected later; by a challenge.
    function reputationLost(uint256 dao, bytes32 domain, uint256 loss) external;

    /// @notice Counts ratings and raises or lowers the standing of those who gave them; by a challenge.
    /// @return rated whether enough was said
    /// @return median the highest rating that half of the weight reaches
    /// @return byPeers whether enough DAOs of the domain spoke; then sponsors count for at most half as much
    function judge(IChallenge.Review[] calldata reviews) external returns (bool rated, uint256 median, bool byPeers);

    /// @notice Says, while a domain is young, that a DAO knows it, so that there is somebody to rate; by the curator, once each.
    function vouch(uint256 dao, bytes32 domain) external;

    function curator() external view returns (address);

    function treasury() external view returns (address);

    function autoIds() external view returns (address);

    /// @notice How many DAOs ever joined; the newest.
    function daoCount() external view returns (uint256);

    function challengeCount() external view returns (uint256);

    function challengeAt(uint256 id) external view returns (address);

    function isChallenge(address challenge) external view returns (bool);

    function daoAt(uint256 dao) external view returns (Dao memory);

    /// @notice The DAO whose account this is, 0 when none.
    function daoOf(address account) external view returns (uint256 dao);

    function accountOf(uint256 dao) external view returns (address);

    function executiveOf(uint256 dao) external view returns (address);

    /// @notice Whether the address is the DAO's account or its executive.
    function actsFor(uint256 dao, address who) external view returns (bool);

    /// @notice Whether a reviewer, alone (dao 0) or as the account of a DAO, is one with another DAO or with an account.
    function isOne(uint256 dao, address reviewer, uint256 otherDao, address other) external view returns (bool);

    function openTasks(uint256 dao) external view returns (uint256);

    function domainsOf(uint256 dao) external view returns (bytes32[] memory domains, uint8[] memory points);

    /// @notice How near the DAO's declared domains are, 0 to 1,000, and its points there: the domain itself 1,000, each parent half.
    function fitOf(uint256 dao, bytes32 domain) external view returns (uint256 fit, uint256 points);

    function domainExists(bytes32 domain) external view returns (bool);

    function parentOf(bytes32 domain) external view returns (bytes32);

    /// @notice Reputation now, after decay.
    function reputationOf(uint256 dao, bytes32 domain) external view returns (uint256);

    /// @notice The reputation of all DAOs in a domain now.
    function totalReputation(bytes32 domain) external view returns (uint256);

    /// @notice What share of the domain's reputation a DAO holds, in basis points.
    function shareOf(uint256 dao, bytes32 domain) external view returns (uint256);

    /// @notice How much a reviewer's weight counts, in basis points; everybody begins with 10,000.
    function standingOf(address reviewer) external view returns (uint256);

    /// @notice `fit × (α·reputation + β·√stake + γ·interest)`, what a bid is worth before it is divided by 1 + open tasks.
    /// @param stake in millionths of a unit
    /// @param small whether a DAO that has settled nothing yet may count with the floor for newcomers
    function worthOf(uint256 dao, bytes32 domain, uint256 stake, bool small) external view returns (uint256);

    /// @notice One unit of account in this token, 0 when the token is not listed.
    function unitOf(address token) external view returns (uint256);
}
